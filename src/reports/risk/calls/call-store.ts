import { sql } from 'kysely';
import { unindexed, type Db, type Schema, type Tx } from '../../../storage/index.ts';
import type { CallPlace } from '../../../telephone/index.ts';

export type CallRow = Schema['risk_call'];

export async function insertCalls(tx: Tx, rows: CallRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('risk_call').values(rows).execute();
}

export async function findCall(db: Db, id: string): Promise<CallRow | undefined> {
  return await db.selectFrom('risk_call').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Who waits for a call, by customer: the call's id. */
export async function waitingAmong(db: Db, customerIds: string[]): Promise<Map<string, string>> {
  if (customerIds.length === 0) return new Map();
  const query = db.selectFrom('risk_call').select(['id', 'customer_id']).where('customer_id', 'in', customerIds);
  return new Map(
    (await query.where(unindexed('state'), '=', 'open').execute()).map((row) => [row.customer_id, row.id]),
  );
}

/** A customer's calls, the newest first. */
export async function callsOf(db: Db, customerId: string, limit: number): Promise<CallRow[]> {
  const query = db.selectFrom('risk_call').selectAll().where('customer_id', '=', customerId);
  return await query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** Where the people live who wait for a call. */
export async function placesOf(db: Db): Promise<CallPlace[]> {
  const query = db.selectFrom('risk_call').select(['time_zone', 'country']).distinct().where('state', '=', 'open');
  return (await query.execute()).map((row) => ({ timeZone: row.time_zone, country: row.country }));
}

const livesIn = (places: CallPlace[]) =>
  sql<boolean>`(${sql.join(
    places.map(({ timeZone, country }) => sql`(time_zone = ${timeZone} and country = ${country})`),
    sql` or `,
  )})`;

interface ListOptions {
  now: string;
  /** Where it is a good time. */
  places: CallPlace[];
  view: 'now' | 'later';
  after: { atRisk: number; id: string } | null;
  limit: number;
}

/** Open calls without an appointment that is due, the most money at risk first. */
export async function listCalls(db: Db, { now, places, view, after, limit }: ListOptions): Promise<CallRow[]> {
  let query = db.selectFrom('risk_call').selectAll().where('state', '=', 'open');
  if (view === 'now') {
    if (places.length === 0) return [];
    query = query.where('appointment', '=', 0).where('not_before', '<=', now).where(livesIn(places));
  } else {
    const notThere = places.length === 0 ? [] : [sql<boolean>`not ${livesIn(places)}`];
    query = query.where(({ or, and, eb }) =>
      or([eb('not_before', '>', now), and([eb('appointment', '=', 0), ...notThere])]),
    );
  }
  if (after) query = query.where(sql<boolean>`(worth_at_risk_minor, id) < (${after.atRisk}, ${after.id})`);
  return await query.orderBy('worth_at_risk_minor', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

/** Calls that were promised for now or before, the earliest first. */
export async function dueAppointments(db: Db, now: string, limit: number): Promise<CallRow[]> {
  const query = db
    .selectFrom('risk_call')
    .selectAll()
    .where('state', '=', 'open')
    .where('appointment', '=', 1)
    .where('not_before', '<=', now);
  return await query.orderBy('not_before').orderBy('id').limit(limit).execute();
}

/** @returns whether nobody else has it: one colleague at a time calls somebody */
export async function claimCall(
  tx: Tx,
  id: string,
  { by, now, until }: { by: string; now: string; until: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('risk_call')
    .set({ claimed_by: by, claimed_at: now, claimed_until: until })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where((is) => is.or([is('claimed_by', 'is', null), is('claimed_by', '=', by), is('claimed_until', '<=', now)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Changes a call that this colleague has. @returns false where they have it no longer */
export async function changeMine(
  tx: Tx,
  id: string,
  by: string,
  change: Partial<Omit<CallRow, 'id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('risk_call')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .where('claimed_by', '=', by)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

export async function setCase(tx: Tx, id: string, caseId: string): Promise<void> {
  await tx.updateTable('risk_call').set({ case_id: caseId }).where('id', '=', id).execute();
}

/** Nobody needs to call any more; a call that is under way is left to whoever has it. @returns how many */
export async function withdrawCalls(
  tx: Tx,
  of: { id: string } | { customerIds: string[] },
  now: string,
): Promise<number> {
  const change = { state: 'done' as const, outcome: 'withdrawn', settled_at: now, appointment: 0, draft: '{}' };
  const update = tx.updateTable('risk_call').set(change).where('state', '=', 'open');
  const mine = 'id' in of ? update.where('id', '=', of.id) : update.where('customer_id', 'in', of.customerIds);
  const free = mine.where((is) => is.or([is('claimed_by', 'is', null), is('claimed_until', '<=', now)]));
  return Number((await free.executeTakeFirst()).numUpdatedRows);
}

/** What was said goes; that there was a call stays. */
export async function forgetWords(tx: Tx, customerIds: string[]): Promise<void> {
  const blank = { said: '', draft: '{}' };
  await tx.updateTable('risk_call').set(blank).where('customer_id', 'in', customerIds).execute();
}
