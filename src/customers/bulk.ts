import type { Tx } from '../storage/index.ts';
import type { CodeRemark } from './code-remarks.ts';

export interface UpsertOptions {
  importId?: string | undefined;
  /** For new customers of whom the row itself does not say. */
  defaults?: { language?: string | undefined; country?: string | undefined } | undefined;
  inSameTransaction?: Alongside<Written> | undefined;
}

/** Runs in each transaction after its rows were written; the outcomes' first row stands at `from` of all rows given. */
export type Alongside<T> = (tx: Tx, outcomes: readonly T[], from: number) => Promise<void>;

/** What customers' and records' outcomes have in common. */
export interface Written {
  id: string | null;
  outcome: 'added' | 'updated' | 'same' | 'unknownCustomer';
  before: object | null;
  revisionAfter?: number;
  remark?: CodeRemark | null;
}

export interface RevertOptions {
  inSameTransaction?: Alongside<'undone' | 'kept'> | undefined;
}
