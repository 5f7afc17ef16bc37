import { sql } from 'kysely';
import { unindexed, type Db, type Schema, type Tx } from '../../storage/index.ts';

export type ReturnRow = Schema['customer_return'];

/** Keeps that these are back, where they are: whoever leaves once more would lose it. */
export async function noteReturns(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  const back = await tx
    .selectFrom('winback')
    .select(['customer_id', 'left_on', 'bought_until', 'attempted'])
    .where('customer_id', 'in', customerIds)
    .where(unindexed('standing'), '=', 'returned')
    .execute();
  if (back.length === 0) return;
  const fresh = { kept_90: null, kept_180: null, spent_minor: 0, days: 0 };
  await tx
    .insertInto('customer_return')
    .values(back.map(({ bought_until: returned_on, ...row }) => ({ ...row, returned_on, ...fresh })))
    .onConflict((on) => on.columns(['customer_id', 'left_on']).doNothing())
    .execute();
}

interface Place {
  customerId: string;
  leftOn: string;
}

export async function returnsAfter(db: Db, { customerId, leftOn }: Place, limit: number): Promise<ReturnRow[]> {
  return await db
    .selectFrom('customer_return')
    .selectAll()
    .where(sql<boolean>`(customer_id, left_on) > (${customerId}, ${leftOn})`)
    .orderBy('customer_id')
    .orderBy('left_on')
    .limit(limit)
    .execute();
}

export interface Bought {
  customerId: string;
  on: string;
  minor: number;
}

/** All purchases of these since a day, credits too, the first first. */
export async function purchasesOf(db: Db, customerIds: string[], since: string): Promise<Bought[]> {
  return await db
    .selectFrom('purchase')
    .select(['customer_id as customerId', 'purchased_on as on', 'amount_minor as minor'])
    .where('customer_id', 'in', customerIds)
    .where('purchased_on', '>=', since)
    .orderBy('customer_id')
    .orderBy('purchased_on')
    .execute();
}

/** The day on which each of these counts as having left now; those who are there are missing. */
export async function daysOfLeaving(db: Db, customerIds: string[]): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('customer')
    .select(['id', 'left_on'])
    .where('id', 'in', customerIds)
    .where(unindexed('status'), '=', 'left')
    .execute();
  return new Map(rows.map(({ id, left_on }) => [id, left_on ?? '']));
}

export async function updateReturn(tx: Tx, row: ReturnRow): Promise<void> {
  const { customer_id, left_on, kept_90, kept_180, spent_minor, days } = row;
  await tx
    .updateTable('customer_return')
    .set({ kept_90, kept_180, spent_minor, days })
    .where('customer_id', '=', customer_id)
    .where('left_on', '=', left_on)
    .execute();
}

/** Whoever left and came back twice has one lifetime to come: that of the last return. */
const TO_COME = sql`case when v.has_left = 0 and not exists (
  select 1 from customer_return as later
  where later.customer_id = customer_return.customer_id and later.left_on > customer_return.left_on
) then v.lifetime_minor when v.has_left is not null then 0 end`;

/**
 * Returns of those who left in a period, by whether we had spoken to them and whether they are still there; with what is still to
 * come from those who are customers today, each once, null where that was not worked out for any of them.
 */
export async function countReturns(db: Db, from: string, to: string) {
  const rows = await db
    .selectFrom('customer_return')
    .leftJoin('customer_value as v', 'v.customer_id', 'customer_return.customer_id')
    .select(['attempted', 'kept_90', 'kept_180'])
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.sum<number>('spent_minor').as('spent'),
      fn.sum<number>('days').as('days'),
      fn.sum<number | null>(TO_COME).as('toCome'),
    ])
    .where('left_on', '>=', from)
    .where('left_on', '<=', to)
    .groupBy(['attempted', 'kept_90', 'kept_180'])
    .execute();
  return rows.map((row) => ({
    attempted: row.attempted === 1,
    kept: { 90: row.kept_90, 180: row.kept_180 },
    count: Number(row.count),
    spentMinor: Number(row.spent),
    days: Number(row.days),
    toComeMinor: row.toCome === null ? null : Number(row.toCome),
  }));
}
