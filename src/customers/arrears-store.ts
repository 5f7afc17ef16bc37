import type { Db } from '../storage/index.ts';

/** An invoice of somebody's, as arrears look at it. Money in minor units, days 'YYYY-MM-DD'. */
export interface Owed {
  id: string;
  customerId: string;
  number: string;
  amountMinor: number;
  dueOn: string;
  paidOn: string | null;
}

/** Which days of being due count, both included. */
interface DueWithin {
  from: string;
  upto: string;
}

const COLUMNS = ['id', 'customer_id', 'number', 'amount_minor', 'due_on', 'paid_on'] as const;

interface Row {
  id: string;
  customer_id: string;
  number: string;
  amount_minor: number;
  due_on: string | null;
  paid_on: string | null;
}

const asOwed = (row: Row): Owed => ({
  id: row.id,
  customerId: row.customer_id,
  number: row.number,
  amountMinor: row.amount_minor,
  dueOn: row.due_on ?? '',
  paidOn: row.paid_on,
});

/** Unpaid invoices of everybody that were due then, by day; after the one named. */
export async function unpaidInvoices(
  db: Db,
  { from, upto }: DueWithin,
  after: { dueOn: string; id: string } | null,
  limit: number,
): Promise<Owed[]> {
  let query = db
    .selectFrom('invoice')
    .select(COLUMNS)
    .where('paid_on', 'is', null)
    .where('due_on', '>=', after?.dueOn ?? from)
    .where('due_on', '<=', upto);
  if (after) query = query.where((is) => is.or([is('due_on', '>', after.dueOn), is('id', '>', after.id)]));
  const rows = await query.orderBy('due_on').orderBy('id').limit(limit).execute();
  return rows.map(asOwed);
}

/** Unpaid invoices of these customers that were due then, the oldest first. */
export async function unpaidOf(db: Db, customerIds: string[], { from, upto }: DueWithin): Promise<Owed[]> {
  if (customerIds.length === 0) return [];
  const rows = await db
    .selectFrom('invoice')
    .select(COLUMNS)
    .where('customer_id', 'in', customerIds)
    .where('paid_on', 'is', null)
    .where('due_on', '>=', from)
    .where('due_on', '<=', upto)
    .orderBy('due_on')
    .orderBy('id')
    .execute();
  return rows.map(asOwed);
}

/** Those that are still there. */
export async function invoicesById(db: Db, ids: string[]): Promise<Owed[]> {
  if (ids.length === 0) return [];
  const rows = await db.selectFrom('invoice').select(COLUMNS).where('id', 'in', ids).orderBy('due_on').execute();
  return rows.map(asOwed);
}
