import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

export const CALL_ROWS: CustomerRows[] = [
  { table: 'phone_call', column },
  { table: 'telephone_flag', column },
];
