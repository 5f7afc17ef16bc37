import type { Logger } from 'pino';
import type { Clock } from '../shared/clock.ts';
import type { Storage } from '../storage/index.ts';
import type { Settled } from './deliver.ts';
import type { Kinds } from './kinds.ts';
import { settle, type SettleContext } from './settle.ts';
import type { UnderWay } from './under-way.ts';

const TRIES_TO_WRITE = 8;

export interface ResultsDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  kinds: Kinds;
  /** What stands in `claimed_by` of the rows that this process has under way. */
  claimer: string;
  /** Hears of each mail that a receiving server refused for good. */
  refused?: SettleContext['refused'];
}

/** What became of messages, written down; `from`: the address in the envelope of those that are kept instead of sent. */
export function createResults({ storage, clock, logger, kinds, claimer, refused }: ResultsDeps, underWay: UnderWay) {
  /** What could not be written down yet. */
  const late: Settled[][] = [];

  async function writeOnce(settled: Settled[], from: string): Promise<void> {
    const context = { claimer, clock, from, announce: kinds.announce, refused };
    await storage.transaction((tx) => settle(tx, settled, context));
    underWay.forget(settled.map(({ mail }) => mail));
  }

  const notYet = ({ name, message }: Error) =>
    logger.error({ err: { name, message } }, 'mail results could not be written yet');

  return {
    /** What cannot be written in a while is kept: the disk may have room, or the database be back, later on. */
    async write(settled: Settled[], from: string): Promise<void> {
      try {
        await untilWritten(() => writeOnce(settled, from), notYet);
      } catch {
        late.push(settled);
      }
    },
    /** Tries once more to write what was kept. */
    async writeLate(from: string): Promise<void> {
      for (const settled of late.splice(0)) {
        await writeOnce(settled, from).catch((error: Error) => {
          notYet(error);
          late.push(settled);
        });
      }
    },
  };
}

/** The messages have gone out, so what became of them is worth some patience with a busy or full disk. */
async function untilWritten(write: () => Promise<void>, onError: (error: Error) => void): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      onError(error as Error);
      if (tries === TRIES_TO_WRITE) throw error;
      await new Promise((resume) => setTimeout(resume, 50 * 2 ** tries));
    }
  }
}
