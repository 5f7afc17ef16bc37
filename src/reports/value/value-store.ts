import { sql, type Kysely } from 'kysely';
import { excluded, page, type Db, type Page, type Schema, type Tx } from '../../storage/index.ts';

export type CustomerValue = Schema['customer_value'];

export async function latestModel(db: Db) {
  return await db.selectFrom('value_model').selectAll().orderBy('id', 'desc').limit(1).executeTakeFirst();
}

export async function insertModel(tx: Tx, row: Schema['value_model']): Promise<void> {
  await tx.insertInto('value_model').values(row).execute();
}

/** Whether there is anybody to work out anything for. */
export async function anyCustomer(db: Db): Promise<boolean> {
  return (await db.selectFrom('customer').select('id').limit(1).executeTakeFirst()) !== undefined;
}

/** When an import last ended; null where none has. */
export async function lastImport(db: Db): Promise<string | null> {
  const found = await db
    .selectFrom('import')
    .select(({ fn }) => [fn.max('finished_at').as('at')])
    .where('state', '=', 'done')
    .executeTakeFirst();
  return found?.at ?? null;
}

export async function customersAfter(db: Db, after: string, limit: number) {
  return await db
    .selectFrom('customer')
    .select(['id', 'status', 'left_on', 'worth_minor', 'segment', 'first_purchase_on', 'yearly_value_minor'])
    .where('merged_into_id', 'is', null)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}
export type ValuedCustomer = Awaited<ReturnType<typeof customersAfter>>[number];

/** Of the customers from one id to another: on how many days they bought, from when until when, for how much. */
export async function purchasesBetween(db: Db, from: string, to: string, today: string) {
  const rows = await db
    .selectFrom('purchase')
    .select(['customer_id', sql<number>`count(distinct purchased_on)`.as('days')])
    .select(({ fn }) => [fn.min('purchased_on').as('first'), fn.max('purchased_on').as('last')])
    .select(({ fn }) => [fn.sum<number>('amount_minor').as('total')])
    .where('customer_id', '>=', from)
    .where('customer_id', '<=', to)
    .where('purchased_on', '<=', today)
    .groupBy('customer_id')
    .execute();
  return new Map(
    rows.map(({ customer_id, days, first, last, total }) => [
      customer_id,
      { days: Number(days), first, last, total: Number(total) },
    ]),
  );
}

const COLUMNS: (keyof CustomerValue)[] = [
  'frequency',
  'recency_days',
  'age_days',
  'alive',
  'expected_year',
  'purchase_minor',
  'spend_year_minor',
  'lifetime_minor',
  'has_left',
  'source',
  'computed_at',
];

/** Whoever was removed or merged meanwhile is left out: their rows may not come back. */
export async function saveValues(tx: Tx, rows: CustomerValue[]): Promise<void> {
  const ids = rows.map((row) => row.customer_id);
  const present = tx.selectFrom('customer').select('id').where('merged_into_id', 'is', null);
  const there = await present.where('id', 'in', ids).execute();
  const known = new Set(there.map(({ id }) => id));
  const kept = rows.filter((row) => known.has(row.customer_id));
  if (kept.length === 0) return;
  await (tx as Kysely<Schema>)
    .insertInto('customer_value')
    .values(kept)
    .onConflict((on) => on.column('customer_id').doUpdateSet(excluded(COLUMNS)))
    .execute();
}

/** At most 500 ids a call. */
export async function valuesOf(db: Db, customerIds: string[]): Promise<Map<string, CustomerValue>> {
  if (customerIds.length === 0) return new Map();
  const rows = await db.selectFrom('customer_value').selectAll().where('customer_id', 'in', customerIds).execute();
  return new Map(rows.map((row) => [row.customer_id, row]));
}

export interface ValuableCustomer extends CustomerValue {
  reference: string;
  organisation: string;
  given_name: string;
  family_name: string;
}

/** Customers of today, the most valuable first; the cursor is 'MINOR ID'. */
export async function mostValuable(db: Db, cursor: string | null, limit: number): Promise<Page<ValuableCustomer>> {
  const [, minor = '', id = ''] = /^(-?\d{1,15}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
  let query = db
    .selectFrom('customer_value as v')
    .innerJoin('customer as c', 'c.id', 'v.customer_id')
    .selectAll('v')
    .select(['c.reference', 'c.organisation', 'c.given_name', 'c.family_name'])
    .where('v.has_left', '=', 0)
    .where('c.erased_at', 'is', null);
  if (id)
    query = query.where(({ eb, refTuple, tuple }) =>
      eb(refTuple('v.lifetime_minor', 'v.customer_id'), '<', tuple(Number(minor), id)),
    );
  // Whose lifetime is the same come in the order of their ids, so that no page repeats or misses anybody.
  const rows = await query
    .orderBy('v.lifetime_minor', 'desc')
    .orderBy('v.customer_id', 'desc')
    .limit(limit + 1)
    .execute();
  return page(rows, limit, (row) => `${row.lifetime_minor} ${row.customer_id}`);
}

/** What left with the customers of a period, by segment, most first; both days included. */
export async function lostBySegment(db: Db, { from, to }: { from: string; to: string }) {
  const rows = await db
    .selectFrom('leaver')
    .select('segment')
    .select(({ fn }) => [fn.countAll<number>().as('count'), fn.sum<number>('lost_minor').as('lost')])
    .where('left_on', '>=', from)
    .where('left_on', '<=', to)
    .groupBy('segment')
    .execute();
  return rows
    .map(({ segment, count, lost }) => ({ segment, count: Number(count), lostMinor: Number(lost) }))
    .toSorted((a, b) => b.lostMinor - a.lostMinor || (a.segment < b.segment ? -1 : 1));
}
