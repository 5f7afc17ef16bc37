import type { CustomerRows } from '../storage/index.ts';

export const CODING_ROWS: CustomerRows[] = [{ table: 'main_reason', column: 'customer_id' }];
