import { rowsOf, type Db } from '../storage/index.ts';

const TABLES = [
  'leaver',
  'customer_value',
  'customer_risk',
  'risk_calm',
  'risk_flag',
  'risk_call',
  'customer_return',
] as const;

/** What was worked out about customers, and calls to those at risk. */
export async function exportedFigures(db: Db, customerIds: string[]) {
  return await rowsOf(db, TABLES, 'customer_id', customerIds);
}
