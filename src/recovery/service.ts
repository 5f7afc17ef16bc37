import { repeating } from '../scheduler/index.ts';
import { createCases } from './cases/service.ts';
import { createAttachments } from './attachments/index.ts';
import { createComments } from './comments/service.ts';
import type { CasePanelsOf } from './cases/panels.ts';
import type { RecoveryDeps } from './deps.ts';
import { createLibrary } from './library/service.ts';

const EVERY_MS = 30_000;

export type Recovery = ReturnType<typeof createRecovery>;

export function createRecovery(deps: RecoveryDeps) {
  const { cases } = createCases(deps);
  const attachments = createAttachments(deps);
  const comments = createComments({ ...deps, attachments, cases });
  const library = createLibrary(deps);
  /** What is due without anybody asking; each takes its own lease and works in short transactions. */
  const jobs: (() => Promise<unknown>)[] = [];
  const work = async () => {
    for (const job of jobs) await job();
  };
  const background = repeating(EVERY_MS, deps.logger, 'background work of recovery failed', work);

  return {
    attachments,
    comments,
    cases,
    library,
    /** One pass of everything that is due. */
    work,
    start: background.start,
    stop: background.stop,
  };
}
