import type { CustomerRows } from '../storage/index.ts';

export const RESPONSE_ROWS: CustomerRows[] = [{ table: 'response', column: 'customer_id' }];
