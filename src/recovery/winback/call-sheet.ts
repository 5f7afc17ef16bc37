import type { Customer } from '../../customers/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { CallRow, CaseRow } from './case-store.ts';
import { isBack } from './rules.ts';

/** One conversation as its sheet shows it. */
export interface CallSheet {
  theCase: RecoveryCase;
  own: CaseRow;
  customer: Customer;
  calls: CallRow[];
  /** Whoever has the call now has it because the customer rang. */
  theyCalled: boolean;
}

/** Nobody calls any more: it has ended, or they have bought again. */
export const isOver = (own: Pick<CaseRow, 'state' | 'returned_on'>): boolean =>
  (own.state !== 'open' && own.state !== 'won') || isBack(own);

export const isHeldBy = (accountId: string, own: CaseRow, now: string): boolean =>
  own.claimed_by === accountId && (own.claimed_until ?? '') > now;
