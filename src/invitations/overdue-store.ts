import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';

/** Waves that are sending, of which some of these wait to be sent though their links have run out. */
export async function overdueAmong(
  db: Db,
  ids: string[],
  now: string,
): Promise<{ waveId: string; state: 'starting' | 'sending' }[]> {
  if (ids.length === 0) return [];
  const rows = await db
    .selectFrom('invitation')
    .innerJoin('wave', 'wave.id', 'invitation.wave_id')
    .select(['wave.id as waveId', 'wave.state'])
    .distinct()
    .where('invitation.id', 'in', ids)
    .where('invitation.expires_at', '<=', now)
    .where('invitation.progress', '=', 'none')
    .where('invitation.revoked_at', 'is', null)
    .where('wave.state', 'in', ['starting', 'sending'])
    .orderBy('wave.id')
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
