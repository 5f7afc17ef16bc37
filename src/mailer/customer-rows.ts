import type { CustomerRows } from '../storage/index.ts';

const column = 'customer_id';

/** What came back from a customer's address, and why it is not written to; the address itself decides, not the customer. */
export const MAILER_ROWS: CustomerRows[] = [
  { table: 'returned_mail', column },
  { table: 'suppression', column },
];
