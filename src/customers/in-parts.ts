import { Conflict } from '../shared/errors.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { Alongside } from './bulk.ts';

/** Runs something in a transaction. */
type Transact = <T>(body: (tx: Tx) => Promise<T>) => Promise<T>;

/**
 * Writes rows part by part, each in a transaction of its own, in which the caller writes along. @returns what became of
 * each row
 */
export async function inParts<Row, Outcome>(
  transact: Transact,
  parts: Row[][],
  write: (tx: Tx, part: Row[]) => Promise<Outcome[]>,
  along: Alongside<Outcome> | undefined,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const part of parts) {
    const written = await transact(async (tx) => {
      const some = await write(tx, part);
      await along?.(tx, some, outcomes.length);
      return some;
    });
    outcomes.push(...written);
  }
  return outcomes;
}

const TRIES = 3;

/** Transactions that run anew where somebody else wrote the same row in between; PostgreSQL alone lets that happen. */
export function retried(storage: Storage): Transact {
  return async (body) => {
    for (let tries = 1; ; tries++) {
      try {
        return await storage.transaction(body);
      } catch (error) {
        if (!(error instanceof Conflict) || tries === TRIES) throw error;
      }
    }
  };
}
