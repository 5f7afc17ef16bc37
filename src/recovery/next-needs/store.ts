import { sql } from 'kysely';
import { excluded, type Db, type Schema, type Tx } from '../../storage/index.ts';

export type NeedRow = Schema['next_need'];
export type NudgeRow = Schema['next_need_nudge'];

const NOT_BOUGHT = sql<boolean>`bought_on is null`;
const COLUMNS: (keyof NeedRow)[] = [
  'contact_account_id',
  'gap_days',
  'last_on',
  'expected_on',
  'ask_from',
  'worth_minor',
  'nudged',
];

/** The same need is not told again because it was worked out anew. */
const NOTICED_BEFORE = sql<number>`case when next_need.last_on = excluded.last_on then next_need.noticed else 0 end`;

export async function replaceNeeds(tx: Tx, customerIds: string[], rows: NeedRow[]): Promise<void> {
  const kept = new Set(rows.map((row) => row.customer_id));
  const gone = customerIds.filter((id) => !kept.has(id));
  if (gone.length > 0) await tx.deleteFrom('next_need').where('customer_id', 'in', gone).execute();
  if (rows.length === 0) return;
  await tx
    .insertInto('next_need')
    .values(rows)
    .onConflict((on) => on.column('customer_id').doUpdateSet({ ...excluded(COLUMNS), noticed: NOTICED_BEFORE }))
    .execute();
}

interface Window {
  from: string;
  to: string;
  nudged: 0 | 1;
  /** Only those whom this colleague looks after. */
  contact: string | null;
  after: { day: string; id: string } | null;
  limit: number;
}

/** The longest awaited first. */
export async function listNeeds(db: Db, { from, to, nudged, contact, after, limit }: Window): Promise<NeedRow[]> {
  let query = db.selectFrom('next_need').selectAll().where('ask_from', '<=', to);
  // With the sign no index on it is tempting: the one by colleague finds fewer.
  query =
    contact === null
      ? query.where('nudged', '=', nudged)
      : query.where('contact_account_id', '=', contact).where(sql<boolean>`+nudged = ${nudged}`);
  query = after
    ? query.where(sql<boolean>`(ask_from, customer_id) > (${after.day}, ${after.id})`)
    : query.where('ask_from', '>=', from);
  return await query.orderBy('ask_from').orderBy('customer_id').limit(limit).execute();
}

/** Whose day came on one of these, both included, and nobody was told. */
export async function unnoticed(db: Db, from: string, to: string, limit: number): Promise<string[]> {
  const query = db
    .selectFrom('next_need')
    .select('customer_id')
    .where(sql<boolean>`noticed = 0`);
  const due = query.where('ask_from', '>=', from).where('ask_from', '<=', to).where('nudged', '=', 0);
  return (await due.orderBy('ask_from').orderBy('customer_id').limit(limit).execute()).map((row) => row.customer_id);
}

/** @returns those whose day still is no later, and that nobody has taken in between */
export async function takeUnnoticed(tx: Tx, customerIds: string[], to: string): Promise<NeedRow[]> {
  const query = tx.updateTable('next_need').set({ noticed: 1 }).where('customer_id', 'in', customerIds);
  const due = query.where('ask_from', '<=', to).where('nudged', '=', 0).where('noticed', '=', 0);
  return await due.returningAll().execute();
}

export async function findNeed(db: Db, customerId: string): Promise<NeedRow | undefined> {
  return await db.selectFrom('next_need').selectAll().where('customer_id', '=', customerId).executeTakeFirst();
}

/** Whether it was the first time in this cycle. */
export async function insertNudge(tx: Tx, row: NudgeRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('next_need_nudge')
    .values(row)
    .onConflict((on) => on.columns(['customer_id', 'cycle_on']).doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n) === 1;
}

export async function markNudged(tx: Tx, customerId: string, cycleOn: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('next_need')
    .set({ nudged: 1 })
    .where('customer_id', '=', customerId)
    .where('last_on', '=', cycleOn)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Cycles in which somebody came with the solution, by customer and the cycle's first day. */
export async function nudgesOf(db: Db, customerIds: string[]): Promise<NudgeRow[]> {
  if (customerIds.length === 0) return [];
  return await db.selectFrom('next_need_nudge').selectAll().where('customer_id', 'in', customerIds).execute();
}

export async function openNudges(db: Db, customerIds: string[]): Promise<NudgeRow[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('next_need_nudge').selectAll().where('customer_id', 'in', customerIds);
  return await query.where(NOT_BOUGHT).execute();
}

export async function markBought(tx: Tx, id: string, on: string, amountMinor: number): Promise<void> {
  await tx
    .updateTable('next_need_nudge')
    .set({ bought_on: on, amount_minor: amountMinor })
    .where('id', '=', id)
    .where('bought_on', 'is', null)
    .execute();
}

/** How often somebody came with the solution since then, and how often they bought after it. */
export async function countNudges(db: Db, since: string): Promise<{ nudged: number; bought: number }> {
  const row = await db
    .selectFrom('next_need_nudge')
    .select(({ fn }) => [fn.countAll<number>().as('nudged'), fn.count<number>('bought_on').as('bought')])
    .where('at', '>=', since)
    .executeTakeFirstOrThrow();
  return { nudged: Number(row.nudged), bought: Number(row.bought) };
}

export async function lastNudge(db: Db, customerId: string): Promise<NudgeRow | undefined> {
  const query = db.selectFrom('next_need_nudge').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('cycle_on', 'desc').limit(1).executeTakeFirst();
}

export async function everNudged(db: Db, customerIds: string[]): Promise<string[]> {
  return [...new Set((await nudgesOf(db, customerIds)).map((row) => row.customer_id))];
}
