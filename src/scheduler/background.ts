import type { Logger } from 'pino';
import { ALONE, type Leases } from './leases.ts';
import { repeating } from './repeating.ts';

export type Job = () => Promise<unknown>;

interface Background {
  /** One pass of everything that is due. Throws the first failure, after every job has had its turn. */
  work(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const EVERY_MS = 30_000;

interface BackgroundDeps {
  leases: Pick<Leases, 'isTaken'>;
  logger: Logger;
}

/**
 * What is due without anybody asking, twice a minute, while no other process works alone; each job takes its own lease and
 * works in short transactions.
 */
export function background(jobs: readonly Job[], { leases, logger }: BackgroundDeps, complaint: string): Background {
  const work = () => inTurn(jobs);
  const turn = async () => void ((await leases.isTaken(ALONE)) || (await work()));
  const { start, stop } = repeating(EVERY_MS, logger, complaint, turn);
  return { work, start, stop };
}

/** One after another; a job that fails does not keep the later ones from their turn. Throws the first failure at the end. */
export async function inTurn(jobs: readonly Job[]): Promise<void> {
  const failures: unknown[] = [];
  for (const job of jobs) {
    try {
      await job();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
