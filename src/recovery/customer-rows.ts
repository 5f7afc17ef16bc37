import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

/** An open conversation of each of two records is none of these: it is ended by a person before they are merged. */
export const RECOVERY_ROWS: CustomerRows[] = [
  { table: 'recovery_case', column },
  { table: 'case_mail', column },
  { table: 'public_comment', column },
  { table: 'offer_given', column },
  { table: 'winback', column, derived: true },
  { table: 'winback_case', column },
  { table: 'winback_call', column },
  { table: 'winback_letter', column },
  { table: 'next_need', column, derived: true },
  { table: 'next_need_nudge', column, once: ['cycle_on'], rest: 'stays' },
  { table: 'payment_letter', column },
  { table: 'payment_plan', column },
];
