import type { CustomerRows } from '../storage/index.ts';

export const MESSAGE_ROWS: CustomerRows[] = [
  { table: 'policy_message', column: 'customer_id', once: ['policy_id'], rest: 'stays' },
];
