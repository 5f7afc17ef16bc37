import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

/** What belongs to a customer, as merging two records needs it. */
export const CUSTOMER_ROWS: CustomerRows[] = [
  { table: 'customer_tag', column, once: ['tag'], rest: 'goes' },
  { table: 'purchase', column, once: ['reference'] },
  { table: 'invoice', column, once: ['number'] },
  { table: 'dealing', column, once: ['kind', 'reference'] },
  { table: 'timeline_event', column },
  { table: 'resubscription', column },
  { table: 'refusal', column, once: ['topic'], rest: 'goes' },
  { table: 'duplicate_check', column, derived: true },
  { table: 'likely_duplicate', column, derived: true },
  { table: 'likely_duplicate', column: 'other_id', derived: true },
  // Who is not one of the two is not the other, either.
  { table: 'different_person', column, once: ['other_id'], rest: 'goes' },
  { table: 'different_person', column: 'other_id', once: [column], rest: 'goes' },
];
