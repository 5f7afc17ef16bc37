import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

/** A flag or a return that both records had on one day was one and the same: a person is counted once. */
export const FIGURE_ROWS: CustomerRows[] = [
  { table: 'leaver', column, derived: true },
  { table: 'customer_value', column, derived: true },
  { table: 'customer_risk', column, derived: true },
  { table: 'risk_due', column, derived: true },
  { table: 'risk_calm', column },
  { table: 'risk_flag', column, once: ['flagged_on', 'looked_back'], rest: 'goes' },
  { table: 'risk_call', column },
  { table: 'customer_return', column, once: ['left_on'], rest: 'goes' },
];
