import type { Db } from '../storage/index.ts';

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
  const rows: Record<string, unknown[]> = {};
  for (const table of TABLES)
    rows[table] = await db.selectFrom(table).selectAll().where('customer_id', 'in', customerIds).execute();
  return rows;
}
