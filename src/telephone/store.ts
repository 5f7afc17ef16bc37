import { sql } from 'kysely';
import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';
import type { CallPlace } from './rules.ts';

export type CallRow = Schema['phone_call'];
export type FlagRow = Schema['telephone_flag'];

/** Said outright: a partial index is found only by a condition that needs no parameter. */
const OPEN = sql<boolean>`state = 'open'`;
const PROMISED = sql<boolean>`appointment = 1`;

export async function insertCalls(tx: Tx, rows: CallRow[]): Promise<number> {
  if (rows.length === 0) return 0;
  const added = await tx
    .insertInto('phone_call')
    .values(rows)
    .onConflict((on) => on.doNothing())
    .returning('invitation_id')
    .execute();
  return added.length;
}

export async function callsAmong(db: Db, invitationIds: string[]): Promise<Set<string>> {
  if (invitationIds.length === 0) return new Set();
  const query = db.selectFrom('phone_call').select('invitation_id').where('invitation_id', 'in', invitationIds);
  return new Set((await query.execute()).map((row) => row.invitation_id));
}

export async function findCall(db: Db, invitationId: string): Promise<CallRow | undefined> {
  return await db.selectFrom('phone_call').selectAll().where('invitation_id', '=', invitationId).executeTakeFirst();
}

/** Where the people live who are still to be called. */
export async function placesOf(db: Db, waveId: string): Promise<CallPlace[]> {
  const query = db.selectFrom('phone_call').select(['time_zone', 'country']).distinct().where('wave_id', '=', waveId);
  return (await query.where(OPEN).execute()).map((row) => ({ timeZone: row.time_zone, country: row.country }));
}

const livesIn = (places: CallPlace[]) =>
  sql<boolean>`(${sql.join(
    places.map(({ timeZone, country }) => sql`(time_zone = ${timeZone} and country = ${country})`),
    sql` or `,
  )})`;

export interface Place {
  worth: number;
  id: string;
}

interface ListOptions {
  now: string;
  /** Where it is a good time. */
  places: CallPlace[];
  /** Those who can be called now, or the others. */
  view: 'now' | 'later';
  after: Place | null;
  limit: number;
}

/** Open calls without an appointment that is due, the most valuable customers first. */
export async function listCalls(db: Db, waveId: string, options: ListOptions): Promise<CallRow[]> {
  const { now, places, view, after, limit } = options;
  let query = db.selectFrom('phone_call').selectAll().where('wave_id', '=', waveId).where(OPEN);
  if (view === 'now') {
    if (places.length === 0) return [];
    query = query.where('appointment', '=', 0).where('not_before', '<=', now).where(livesIn(places));
  } else {
    query = query.where(({ or, and, eb, not }) =>
      or([
        eb('not_before', '>', now),
        and([eb('appointment', '=', 0), ...(places.length === 0 ? [] : [not(livesIn(places))])]),
      ]),
    );
  }
  if (after) {
    // The first condition alone is what an index can seek by.
    query = query
      .where('worth_minor', '<=', after.worth)
      .where((is) => is.or([is('worth_minor', '<', after.worth), is('invitation_id', '>', after.id)]));
  }
  return await query.orderBy('worth_minor', 'desc').orderBy('invitation_id').limit(limit).execute();
}

/** Calls that were promised for now or before, the earliest first. */
export async function dueAppointments(db: Db, waveId: string, now: string, limit: number): Promise<CallRow[]> {
  return await db
    .selectFrom('phone_call')
    .selectAll()
    .where('wave_id', '=', waveId)
    .where(OPEN)
    .where(PROMISED)
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('invitation_id')
    .limit(limit)
    .execute();
}

/** @returns whether nobody else has it: one colleague at a time calls somebody */
export async function claimCall(
  tx: Tx,
  invitationId: string,
  { by, now, until }: { by: string; now: string; until: string },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('phone_call')
    .set({ claimed_by: by, claimed_at: now, claimed_until: until })
    .where('invitation_id', '=', invitationId)
    .where('state', '=', 'open')
    .where((is) => is.or([is('claimed_by', 'is', null), is('claimed_by', '=', by), is('claimed_until', '<=', now)]))
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Changes a call that this colleague has. @returns false where they have it no longer */
export async function changeMine(
  tx: Tx,
  invitationId: string,
  by: string,
  change: Partial<Omit<CallRow, 'invitation_id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('phone_call')
    .set(change)
    .where('invitation_id', '=', invitationId)
    .where('state', '=', 'open')
    .where('claimed_by', '=', by)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Nobody needs to call any more; a call that is under way is left to whoever has it. */
export async function closeCalls(
  tx: Tx,
  of: { invitationId: string } | { customerId: string },
  { outcome, now }: { outcome: string; now: string },
): Promise<void> {
  if ('invitationId' in of) await closeOf.invitation(tx, { id: of.invitationId, outcome, now });
  else await closeOf.customer(tx, { id: of.customerId, outcome, now });
}

const closing = (column: 'invitation_id' | 'customer_id') =>
  prepared<{ id: string; outcome: string; now: string }>()((db, p) =>
    db
      .updateTable('phone_call')
      .set({ state: 'done', outcome: p.outcome, settled_at: p.now, appointment: 0, draft: '{}' })
      .where('state', '=', 'open')
      .where(column, '=', p.id)
      .where((is) => is.or([is('claimed_by', 'is', null), is('claimed_until', '<=', p.now)])),
  );

const closeOf = { invitation: closing('invitation_id'), customer: closing('customer_id') };

export async function insertFlag(tx: Tx, row: FlagRow): Promise<void> {
  await tx.insertInto('telephone_flag').values(row).execute();
}

export async function flagsOf(db: Db, customerIds: string[]): Promise<Map<string, FlagRow[]>> {
  if (customerIds.length === 0) return new Map();
  const query = db.selectFrom('telephone_flag').selectAll().where('customer_id', 'in', customerIds).orderBy('id');
  return Map.groupBy(await query.execute(), (row) => row.customer_id);
}
