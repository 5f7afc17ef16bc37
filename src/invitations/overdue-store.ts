import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';

/** Waves that are sending, of which some of these wait to be sent though their links have run out. */
export async function overdueAmong(
  db: Db,
  ids: string[],
  now: string,
): Promise<{ waveId: string; state: 'starting' | 'sending' }[]> {
  if (ids.length === 0) return [];
  // Joined, SQLite would go through all invitations of the waves for the order of these.
  const overdue = db
    .selectFrom('invitation')
    .select('wave_id')
    .where('id', 'in', ids)
    .where('expires_at', '<=', now)
    .where('progress', '=', 'none')
    .where('revoked_at', 'is', null);
  const rows = await db
    .selectFrom('wave')
    .select(['id as waveId', 'state'])
    .where('id', 'in', overdue)
    .where('state', 'in', ['starting', 'sending'])
    .orderBy('id')
    .execute();
  return rows as { waveId: string; state: 'starting' | 'sending' }[];
}

const waitingTooLong = (waveId: string, now: string) =>
  sql<boolean>`wave_id = ${waveId} and delivery = 'queued' and expires_at <= ${now} and revoked_at is null`;

/** How many of a wave wait to be sent though their links have run out. */
export async function countOverdue(db: Db, waveId: string, now: string): Promise<number> {
  const query = db.selectFrom('invitation').select(({ fn }) => fn.countAll<number>().as('count'));
  return (await query.where(waitingTooLong(waveId, now)).executeTakeFirstOrThrow()).count;
}

/** Somebody has decided that they go out after all. */
export async function renewOverdue(tx: Tx, waveId: string, { now, until }: { now: string; until: string }) {
  await tx.updateTable('invitation').set({ expires_at: until }).where(waitingTooLong(waveId, now)).execute();
}
