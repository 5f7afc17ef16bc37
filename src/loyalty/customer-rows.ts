import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

export const ATTENTION_ROWS: CustomerRows[] = [
  { table: 'alert', column },
  { table: 'alert_subject', column: 'subject_key', once: [], rest: 'goes' },
  { table: 'anniversary_day', column, derived: true },
  { table: 'greeting', column, once: ['year'], rest: 'stays' },
  { table: 'greeting_way', column, once: [], rest: 'goes' },
  { table: 'contentment', column, once: [], rest: 'goes' },
  { table: 'trust_ask', column },
  { table: 'trust_refusal', column, once: [], rest: 'goes' },
  { table: 'referral', column },
  { table: 'referral', column: 'new_customer_id' },
  { table: 'trust_reference', column, once: [], rest: 'stays' },
  { table: 'trust_use', column },
];
