import { sql } from 'kysely';
import { excluded, preparedRows, type Db, type Schema, type Tx } from '../../storage/index.ts';
import { KINDS, type Kind } from './rules.ts';
import type { SegmentRhythm } from './rhythm-rules.ts';

export type RiskRow = Schema['customer_risk'];
export type CalmRow = Schema['risk_calm'];

export async function risksOf(db: Db, ids: string[]): Promise<Map<string, RiskRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('customer_risk').selectAll().where('customer_id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.customer_id, row]));
}

const COLUMNS: (keyof RiskRow)[] = [
  'standing',
  'points',
  'score',
  'level',
  'reasons',
  ...KINDS,
  'worth_minor',
  'worth_at_risk_minor',
  'segment',
  'contact_account_id',
  'flagged_at',
  'computed_at',
];

export async function saveRisks(tx: Tx, rows: RiskRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('customer_risk')
    .values(rows)
    .onConflict((on) => on.column('customer_id').doUpdateSet(excluded(COLUMNS)))
    .execute();
}

export async function dropRisks(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length > 0) await tx.deleteFrom('customer_risk').where('customer_id', 'in', ids).execute();
}

export interface RiskFilter {
  kind?: Kind | undefined;
  segment?: string | undefined;
  contact?: string | undefined;
}

/** A partial index carries each kind: its condition has to stand in the text of the query. */
function standing(db: Db, { kind, segment, contact }: RiskFilter) {
  let query = db.selectFrom('customer_risk').where('standing', '=', 'flagged');
  if (kind) query = query.where(sql<boolean>`${sql.ref(kind)} = 1`);
  if (segment !== undefined) query = query.where('segment', '=', segment);
  if (contact !== undefined) query = query.where('contact_account_id', '=', contact);
  return query;
}

interface Place {
  atRisk: number;
  id: string;
}

/** The most money at risk first. */
export async function listRisks(db: Db, filter: RiskFilter, after: Place | null, limit: number): Promise<RiskRow[]> {
  let query = standing(db, filter).selectAll();
  if (after) query = query.where(sql<boolean>`(worth_at_risk_minor, customer_id) < (${after.atRisk}, ${after.id})`);
  return await query.orderBy('worth_at_risk_minor', 'desc').orderBy('customer_id', 'desc').limit(limit).execute();
}

export async function countRisks(db: Db, filter: RiskFilter) {
  const row = await standing(db, filter)
    .select(({ fn }) => [
      fn.countAll<number>().as('customers'),
      fn.sum<number | null>('worth_minor').as('worth'),
      fn.sum<number | null>('worth_at_risk_minor').as('at_risk'),
    ])
    .executeTakeFirstOrThrow();
  return {
    customers: Number(row.customers),
    worthMinor: Number(row.worth ?? 0),
    atRiskMinor: Number(row.at_risk ?? 0),
  };
}

const addToQueue = preparedRows<{ customer_id: string }>()((db, rows) =>
  db
    .insertInto('risk_due')
    .values(rows)
    .onConflict((on) => on.doNothing()),
);

export async function queueCustomers(tx: Tx, ids: string[]): Promise<void> {
  const sorted = [...new Set(ids)].sort();
  await addToQueue(
    tx,
    sorted.map((customer_id) => ({ customer_id })),
  );
}

/** Takes up to so many from those whose news is to be looked at. */
export async function takeQueued(tx: Tx, limit: number): Promise<string[]> {
  const rows = await tx.selectFrom('risk_due').select('customer_id').orderBy('customer_id').limit(limit).execute();
  const ids = rows.map((row) => row.customer_id);
  if (ids.length > 0) await tx.deleteFrom('risk_due').where('customer_id', 'in', ids).execute();
  return ids;
}

export async function isQueueEmpty(db: Db): Promise<boolean> {
  return (await db.selectFrom('risk_due').select('customer_id').limit(1).executeTakeFirst()) === undefined;
}

export async function calmsOf(db: Db, ids: string[]): Promise<Map<string, CalmRow>> {
  if (ids.length === 0) return new Map();
  const query = db.selectFrom('risk_calm').selectAll().where('customer_id', 'in', ids).where('ended_at', 'is', null);
  return new Map((await query.execute()).map((row) => [row.customer_id, row]));
}

export async function endCalms(tx: Tx, ids: string[], by: string | null, at: string): Promise<void> {
  const query = tx.updateTable('risk_calm').set({ ended_by: by, ended_at: at }).where('customer_id', 'in', ids);
  await query.where('ended_at', 'is', null).execute();
}

/** Takes one back. False where it no longer stands. */
export async function endCalm(tx: Tx, id: string, by: string | null, at: string): Promise<boolean> {
  const query = tx.updateTable('risk_calm').set({ ended_by: by, ended_at: at }).where('id', '=', id);
  return Number((await query.where('ended_at', 'is', null).executeTakeFirst()).numUpdatedRows) === 1;
}

export async function addCalms(tx: Tx, rows: CalmRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('risk_calm').values(rows).execute();
}

export async function findCalm(db: Db, id: string): Promise<CalmRow | undefined> {
  return await db.selectFrom('risk_calm').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Those that hold on that day, the first to end first; the cursor is 'DAY ID'. */
export async function listCalms(
  db: Db,
  today: string,
  after: { day: string; id: string } | null,
  limit: number,
): Promise<CalmRow[]> {
  let query = db.selectFrom('risk_calm').selectAll().where('ended_at', 'is', null).where('until_on', '>=', today);
  if (after) query = query.where(sql<boolean>`(until_on, id) > (${after.day}, ${after.id})`);
  return await query.orderBy('until_on').orderBy('id').limit(limit).execute();
}

export async function forgetWhy(tx: Tx, ids: string[]): Promise<void> {
  await tx.updateTable('risk_calm').set({ why: '' }).where('customer_id', 'in', ids).execute();
}

export async function rhythms(db: Db): Promise<Map<string, SegmentRhythm>> {
  const rows = await db.selectFrom('risk_rhythm').selectAll().execute();
  return new Map(rows.map((row) => [row.segment, { gapDays: row.gap_days, gaps: row.gaps }]));
}

export async function saveRhythms(tx: Tx, found: ReadonlyMap<string, SegmentRhythm>): Promise<void> {
  await tx.deleteFrom('risk_rhythm').execute();
  const rows = [...found].map(([segment, { gapDays, gaps }]) => ({ segment, gap_days: gapDays, gaps }));
  if (rows.length > 0) await tx.insertInto('risk_rhythm').values(rows).execute();
}

/** No night's work has begun. */
export const NO_NIGHT = { day: '', upto: '', done: false };

export async function readState(db: Db, key: string): Promise<unknown> {
  const row = await db.selectFrom('risk_state').select('value').where('key', '=', key).executeTakeFirst();
  return row && (JSON.parse(row.value) as unknown);
}

export async function writeState(tx: Tx, key: string, state: unknown): Promise<void> {
  const value = JSON.stringify(state);
  await tx
    .insertInto('risk_state')
    .values({ key, value })
    .onConflict((on) => on.column('key').doUpdateSet({ value }))
    .execute();
}
