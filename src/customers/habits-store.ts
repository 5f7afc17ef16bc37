import { sql } from 'kysely';
import type { Db } from '../storage/index.ts';
import { recordOf } from './record-store.ts';
import type { Records } from './records.ts';

/** The last days on which they bought something, newest first. */
export async function purchaseDays(db: Db, customerId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('purchase')
    .select('purchased_on')
    .distinct()
    .where('customer_id', '=', customerId)
    .where('amount_minor', '>', 0)
    .orderBy('purchased_on', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.purchased_on);
}

/** On which days since then each of these bought something, the first first. At most 500 ids a call. */
export async function buyingDays(db: Db, ids: string[], since: string): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('purchase')
    .select(['customer_id', 'purchased_on'])
    .distinct()
    .where('customer_id', 'in', ids)
    .where('purchased_on', '>=', since)
    .where('amount_minor', '>', 0)
    .orderBy('customer_id')
    .orderBy('purchased_on')
    .execute();
  const days = Map.groupBy(rows, (row) => row.customer_id);
  return new Map([...days].map(([id, theirs]) => [id, theirs.map((row) => row.purchased_on)]));
}

/** What these have bought since that day, the first first; nothing that was given back. At most 500 ids a call. */
export async function purchasesSince(db: Db, ids: string[], since: string): Promise<Records['purchases'][]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('purchase')
    .selectAll()
    .where('customer_id', 'in', ids)
    .where('purchased_on', '>=', since)
    .where('amount_minor', '>', 0)
    .orderBy('purchased_on')
    .orderBy('id')
    .execute();
  return rows.map((row) => recordOf('purchases', row));
}

/** How many invoices are overdue on that day, and what they come to. */
export async function overdueInvoices(db: Db, customerId: string, today: string) {
  return await db
    .selectFrom('invoice')
    .select([sql<number>`count(*)`.as('count'), sql<number>`coalesce(sum(amount_minor), 0)`.as('amountMinor')])
    .where('customer_id', '=', customerId)
    .where('paid_on', 'is', null)
    .where('due_on', '<', today)
    .executeTakeFirstOrThrow();
}
