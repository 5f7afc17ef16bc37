import type { Logger } from 'pino';
import { Problem } from '../../shared/errors.ts';
import type { GoOn, ImportsDeps } from './deps.ts';
import type { Facts, Import, Stage } from './facts.ts';
import { forgetOld } from './forgetting.ts';
import { readStage } from './reading.ts';
import { changeImport, nextWaiting } from './store.ts';
import { undoStage } from './undoing.ts';
import { writeStage } from './writing.ts';

interface Runner {
  start(): void;
  /** Ends after the step under way; the import goes on where it was at the next start. */
  stop(): Promise<void>;
  /** There is something to do. */
  wake(): void;
  /** Does all that waits, one import after another. */
  runDue(): Promise<void>;
}

const EVERY_MS = 5000;
const STAGES = { reading: readStage, importing: writeStage, undoing: undoStage };

/** One import at a time in each process; the others wait in the order of their arrival. */
export function createRunner(deps: ImportsDeps): Runner {
  const { storage, leases, logger } = deps;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let last: Promise<void> = Promise.resolve();
  let queued = false;

  async function pass(): Promise<void> {
    const left: string[] = [];
    while (!stopping) {
      const job = await nextWaiting(storage.read, left);
      if (!job) break;
      const ended = await runOne(job);
      if (!ended) left.push(job.id);
    }
    await forgetOld(deps, () => !stopping);
  }

  /** False where somebody else has it in hand, or it cannot go on now. */
  async function runOne(job: Import): Promise<boolean> {
    const lease = await leases.take(`import ${job.id}`);
    if (!lease) return false;
    const goOn: GoOn = async () => !stopping && (await lease.keep());
    try {
      return await STAGES[job.state as Stage](deps, job, goOn);
    } catch (error) {
      logFailure(logger, job, error);
      return await fail(job, error);
    } finally {
      await lease.end();
    }
  }

  async function fail(job: Import, error: unknown): Promise<boolean> {
    const fault =
      error instanceof Problem ? { key: error.key, values: error.values } : { key: 'error.unknown', values: {} };
    const facts: Facts = { ...job.facts, fault, failedIn: job.state as Stage };
    return await storage.transaction((tx) => changeImport(tx, job.id, job.state, { state: 'failed', facts }));
  }

  /** Passes follow one another; one that has not begun yet serves everybody who asks meanwhile. */
  function runDue(): Promise<void> {
    if (queued) return last;
    queued = true;
    last = last
      .catch(() => undefined)
      .then(async () => {
        queued = false;
        await pass();
      });
    return last;
  }

  const turn = () => void runDue().catch((error: unknown) => logFailure(logger, undefined, error));

  return {
    start() {
      stopping = false;
      timer = setInterval(turn, EVERY_MS);
      timer.unref();
      turn();
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      timer = undefined;
      await last.catch(() => undefined);
    },
    wake: () => timer && turn(),
    async runDue() {
      stopping = false;
      await runDue();
    },
  };
}

/** A driver's message may quote a row. */
function logFailure(logger: Logger, job: Import | undefined, error: unknown): void {
  const { name, code } = error as { name?: string; code?: unknown };
  const stack = Error.isError(error) ? (error.stack ?? '').split('\n').slice(1, 6).join('\n') : '';
  logger.error({ import: job?.id, state: job?.state, err: { name, code, stack } }, 'an import failed');
}
