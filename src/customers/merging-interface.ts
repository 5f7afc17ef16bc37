import type { Actor } from '../shared/actor.ts';
import type { Result } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import type { Customer, RefusalTopic } from './customer.ts';
import type { MergeChoices } from './merge-rules.ts';

/** Two records of one person, as they were seen when somebody said so. */
export interface Pair {
  keptId: string;
  otherId: string;
  /** Their revisions as they were seen. */
  seen: { kept: number; other: number };
}

export interface Merged {
  /** What the other record refused: to be refused for the kept one when all of it has moved. */
  refused: RefusalTopic[];
}

/** Two records of one person become one; whoever merges takes care of what the other features hold. */
export interface MergingRecords {
  /** Whose record stands for this one now: undefined where it was not merged. */
  keptFor(id: string): Promise<string | undefined>;
  /** Both, held until the end of the transaction. @throws Conflict where they are not as they were seen, or are one */
  pairOf(tx: Tx, pair: Pair): Promise<{ kept: Customer; other: Customer }>;
  /** Field errors name what two records say differently and nobody chose between. */
  mergeRecords(
    tx: Tx,
    actor: Actor,
    pair: { kept: Customer; other: Customer },
    choices: MergeChoices,
  ): Promise<Result<Merged>>;
  /** What came to the other record since it was merged. */
  carryOver(tx: Tx, other: Pick<Customer, 'id' | 'reference'>, keptId: string): Promise<void>;
  /** What waits to be sent to somebody who wants no letters is withdrawn, again. */
  quieten(tx: Tx, id: string): Promise<void>;
}
