import { repeating } from '../scheduler/index.ts';
import type { RetentionDeps } from './deps.ts';
import { createPlaybook } from './playbook/service.ts';

const EVERY_MS = 30_000;

export type Retention = ReturnType<typeof createRetention>;

export function createRetention(deps: RetentionDeps) {
  const playbook = createPlaybook(deps);
  /** What is due without anybody asking; each takes its own lease and works in short transactions. */
  const jobs: (() => Promise<unknown>)[] = [];
  const work = async () => {
    for (const job of jobs) await job();
  };
  const background = repeating(EVERY_MS, deps.logger, 'background work of retention failed', work);

  return {
    playbook,
    /** One pass of everything that is due. */
    work,
    start: background.start,
    stop: background.stop,
  };
}
