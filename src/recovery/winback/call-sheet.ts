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
