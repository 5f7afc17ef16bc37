import type { Logger } from 'pino';
import type { Storage, Tx } from '../storage/index.ts';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { keepWaveCounts } from './counting.ts';
import { INVITATION, type InvitationsDeps } from './deps.ts';
import { enrolSlice, type Enrolling } from './enrolment.ts';
import type { Reminders } from './reminders.ts';
import { invitationsIn } from './store.ts';
import { timestamp } from '../shared/clock.ts';
import { ALONE } from '../scheduler/index.ts';
import { othersFirst } from '../shared/others-first.ts';
import { findWave, finishWaves, wavesIn } from './wave-store.ts';
import type { Wave } from './wave.ts';

const EVERY_MS = 2000;
const SLICE = 200;
const UNPARKED = 500;

export interface Background {
  start(): void;
  stop(): Promise<void>;
  /** There is something to do now. */
  wake(): void;
  /** Does all that can be done now: enrols, withdraws what stopped waves still have queued, finishes waves. */
  work(): Promise<void>;
}

interface BackgroundParts extends Enrolling {
  reminders: Pick<Reminders, 'remindDue'>;
  schedules: { runSchedules(): Promise<void> };
  /** Told of waves that have finished, in the transaction in which they do. */
  finished(tx: Tx, waveIds: string[]): Promise<void>;
}

/** What waves need done beside requests. Each step is a short transaction that says where to go on after a crash. */
export function createBackground(
  deps: InvitationsDeps,
  { reminders, schedules, finished, ...enrolling }: BackgroundParts,
): Background {
  const { storage, logger, leases } = deps;
  let stopping = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let again = false;

  const enrolAll = async () => {
    for (const { id } of await wavesIn(storage.read, ['starting'])) {
      const wave = await findWave(storage.read, id);
      while (wave && !stopping && (await enrolSlice(deps, wave, enrolling)) === 'more') await othersFirst();
    }
  };

  const withdrawAll = async () => {
    for (const wave of await wavesIn(storage.read, ['stopped'])) {
      for (let cancelled = SLICE; cancelled > 0 && !stopping; await nextTurn())
        cancelled = await withdrawSome(deps, wave.id);
    }
  };

  /** What was held back for a wave that is no longer paused goes on, also where a crash came between. */
  const unparkAll = async () => {
    for (const waveId of await deps.mailer.parked(storage.read)) {
      const wave = await findWave(storage.read, waveId);
      if (wave?.state === 'paused') continue;
      for (let some = UNPARKED; some === UNPARKED && !stopping; await nextTurn())
        some = await unpark(deps, waveId, wave);
    }
  };

  const work = async () => {
    await schedules.runSchedules();
    await enrolAll();
    await withdrawAll();
    await unparkAll();
    await reminders.remindDue(() => stopping);
    if (await finishable(storage)) await storage.transaction(async (tx) => finished(tx, await finishWaves(tx)));
    await keepWaveCounts(deps);
  };

  /** Nothing while another process works alone. */
  const workUnlessAlone = async () => void ((await leases.isTaken(ALONE)) || (await work()));

  const turn = async () => {
    do {
      again = false;
      await workUnlessAlone().catch((error: Error) => logFailure(logger, error));
    } while (again && !stopping);
    running = undefined;
  };
  const wake = () => {
    again = true;
    if (!stopping) running ??= turn();
  };

  return {
    start() {
      stopping = false;
      timer = setInterval(wake, EVERY_MS);
      timer.unref();
      wake();
    },
    async stop() {
      stopping = true;
      clearInterval(timer);
      await running;
    },
    wake: () => timer && wake(),
    async work() {
      stopping = false;
      await work();
    },
  };
}

async function withdrawSome({ storage, mailer }: InvitationsDeps, waveId: string): Promise<number> {
  const queued = await invitationsIn(storage.read, waveId, 'queued', SLICE);
  if (queued.length === 0) return 0;
  const cancelled = await storage.transaction((tx) => mailer.cancelQueued(tx, INVITATION, queued));
  return cancelled.length;
}

async function unpark({ storage, mailer, clock }: InvitationsDeps, waveId: string, wave: Wave | undefined) {
  const now = timestamp(clock);
  const notBefore = wave?.holdUntil && wave.holdUntil > now ? wave.holdUntil : now;
  return await storage.transaction((tx) => mailer.unpark(tx, waveId, { notBefore, limit: UNPARKED }));
}

const finishable = async (storage: Storage) => (await wavesIn(storage.read, ['sending'])).length > 0;

function logFailure(logger: Logger, { name, message }: Error): void {
  logger.error({ err: { name, message } }, 'background work of waves failed');
}
