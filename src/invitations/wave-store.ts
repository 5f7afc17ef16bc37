import type { Db, Engine, Schema, Tx } from '../storage/index.ts';
import { toWave, type Wave, type WaveState } from './wave.ts';

type WaveRow = Schema['wave'];

export async function insertWave(tx: Tx, row: WaveRow): Promise<void> {
  await tx.insertInto('wave').values(row).execute();
}

export async function findWave(db: Db, id: string): Promise<Wave | undefined> {
  const row = await db.selectFrom('wave').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toWave(row);
}

export async function findWaves(db: Db, ids: string[]): Promise<Map<string, Wave>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('wave').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, toWave(row)]));
}

/** The newest first. */
export async function listWaves(db: Db, before: string | null, limit: number): Promise<Wave[]> {
  let query = db.selectFrom('wave').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== null) query = query.where('id', '<', before);
  return (await query.execute()).map(toWave);
}

export async function wavesIn(db: Db, states: WaveState[]): Promise<Wave[]> {
  const query = db.selectFrom('wave').selectAll().where('state', 'in', states);
  return (await query.orderBy('id').execute()).map(toWave);
}

export type DraftChange = Pick<
  WaveRow,
  | 'programme_id'
  | 'questionnaire_version_id'
  | 'name'
  | 'audience'
  | 'sender_account_id'
  | 'sender_name'
  | 'reply_to'
  | 'expires_days'
  | 'reminder_days'
>;

export async function changeDraft(tx: Tx, id: string, change: DraftChange): Promise<boolean> {
  return await changed(tx.updateTable('wave').set(change).where('id', '=', id).where('state', '=', 'draft'));
}

export async function deleteDraft(tx: Tx, id: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('wave')
    .where('id', '=', id)
    .where('state', '=', 'draft')
    .executeTakeFirst();
  return numDeletedRows === 1n;
}

export async function beginWave(
  tx: Tx,
  id: string,
  start: Pick<WaveRow, 'started_by' | 'started_at' | 'hold_until'> & Partial<Pick<WaveRow, 'reminder_days'>>,
): Promise<boolean> {
  const change = { ...start, state: 'starting' as const };
  return await changed(tx.updateTable('wave').set(change).where('id', '=', id).where('state', '=', 'draft'));
}

export async function moveWave(
  tx: Tx,
  id: string,
  from: WaveState[],
  to: WaveState,
  more: Partial<Pick<WaveRow, 'stopped_at' | 'paused_from'>> = {},
): Promise<boolean> {
  return await changed(
    tx
      .updateTable('wave')
      .set({ state: to, ...more })
      .where('id', '=', id)
      .where('state', 'in', from),
  );
}

/** On PostgreSQL whoever changes one of these invitations' waves waits for this transaction; SQLite writes one at a time. */
export async function holdForReading(tx: Tx, engine: Engine, invitationIds: string[]): Promise<void> {
  if (engine !== 'postgres' || invitationIds.length === 0) return;
  const theirs = tx.selectFrom('invitation').select('wave_id').where('id', 'in', invitationIds);
  await tx.selectFrom('wave').select('id').where('id', 'in', theirs).orderBy('id').forShare().execute();
}

/** Which of these invitations belong to a paused wave, by the wave. */
export async function pausedAmong(db: Db, invitationIds: string[]): Promise<Map<string, string>> {
  const paused = await db.selectFrom('wave').select('id').where('state', '=', 'paused').execute();
  if (paused.length === 0 || invitationIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('invitation')
    .select(['id', 'wave_id'])
    .where('id', 'in', invitationIds)
    .where(
      'wave_id',
      'in',
      paused.map(({ id }) => id),
    )
    .execute();
  return new Map(rows.map((row) => [row.id, row.wave_id]));
}

/** Notes how far the invitations have been written, unless the wave was stopped or somebody else was there first. */
export async function advanceEnrolment(tx: Tx, wave: Wave, upto: string): Promise<boolean> {
  const update = tx
    .updateTable('wave')
    .set({ enrolled_upto: upto })
    .where('id', '=', wave.id)
    .where('state', '=', 'starting');
  return await changed(
    wave.enrolledUpto === null
      ? update.where('enrolled_upto', 'is', null)
      : update.where('enrolled_upto', '=', wave.enrolledUpto),
  );
}

/** The enrolment is complete, if it still stands where this process saw it. */
export async function endEnrolment(tx: Tx, wave: Wave): Promise<boolean> {
  const update = tx
    .updateTable('wave')
    .set({ state: 'sending' })
    .where('id', '=', wave.id)
    .where('state', '=', 'starting');
  return await changed(
    wave.enrolledUpto === null
      ? update.where('enrolled_upto', 'is', null)
      : update.where('enrolled_upto', '=', wave.enrolledUpto),
  );
}

/** Waves in which nobody waits any more have finished; which. */
export async function finishWaves(tx: Tx): Promise<string[]> {
  const finished = await tx
    .updateTable('wave')
    .set({ state: 'finished' })
    .where('state', '=', 'sending')
    .where(({ not, exists, selectFrom, ref }) =>
      not(
        exists(
          selectFrom('invitation')
            .select('invitation.id')
            .where('invitation.wave_id', '=', ref('wave.id'))
            .where('invitation.delivery', 'in', ['queued', 'sending']),
        ),
      ),
    )
    .returning('id')
    .execute();
  return finished.map(({ id }) => id);
}

async function changed(update: {
  executeTakeFirst(): Promise<{ numUpdatedRows: bigint } | undefined>;
}): Promise<boolean> {
  return (await update.executeTakeFirst())?.numUpdatedRows === 1n;
}
