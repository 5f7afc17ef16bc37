import type { Db } from '../storage/index.ts';

/** Which of these customers have a complaint on record that goes on: one without a last day. */
export async function openComplaints(db: Db, customerIds: string[]): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('dealing')
    .select('customer_id')
    .distinct()
    .where('customer_id', 'in', customerIds)
    .where('kind', '=', 'complaint')
    .where('to_on', 'is', null)
    .execute();
  return new Set(rows.map((row) => row.customer_id));
}
