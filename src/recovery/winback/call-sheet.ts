import type { Customer } from '../../customers/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { CallRow, CaseRow } from './case-store.ts';

/** One conversation as its sheet shows it. */
export interface CallSheet {
  theCase: RecoveryCase;
  own: CaseRow;
  customer: Customer;
  calls: CallRow[];
}

export const isHeldBy = (accountId: string, own: CaseRow, now: string): boolean =>
  own.claimed_by === accountId && (own.claimed_until ?? '') > now;
