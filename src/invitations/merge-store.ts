import type { Db, Tx } from '../storage/index.ts';

/** Who was drawn twice counts as they were drawn first. */
export async function keepFirstDraws(tx: Tx, ids: [string, string]): Promise<void> {
  const programmes = await tx.selectFrom('programme').select('id').execute();
  for (const { id } of programmes) {
    const mine = tx
      .selectFrom('holdout_draw')
      .selectAll()
      .where('programme_id', '=', id)
      .where('customer_id', 'in', ids);
    const [, later] = await mine.orderBy('drawn_at').orderBy('customer_id').execute();
    if (!later) continue;
    const draw = tx.deleteFrom('holdout_draw').where('programme_id', '=', id);
    await draw.where('customer_id', '=', later.customer_id).execute();
  }
}

/** Schedules that have asked one of them why they left do not ask again because the record is another. */
export async function keepLeavingsTaken(tx: Tx, ids: [string, string], keptId: string): Promise<void> {
  const asked = tx.selectFrom('schedule_subject').selectAll().where('customer_id', 'in', ids);
  const rows = (await asked.execute()).filter((row) => ids.some((id) => row.subject_key.startsWith(`${id} `)));
  if (rows.length === 0) return;
  const kept = await tx.selectFrom('customer').select('left_on').where('id', '=', keptId).executeTakeFirst();
  for (const row of rows) {
    const days = new Set([kept?.left_on ?? '', row.subject_key.slice(37)]);
    for (const day of days)
      await tx
        .insertInto('schedule_subject')
        .values({ ...row, customer_id: keptId, subject_key: `${keptId} ${day}` })
        .onConflict((on) => on.doNothing())
        .execute();
  }
}

interface Twin {
  waveId: string;
  own: Standing;
  other: Standing;
}

export interface Standing {
  id: string;
  delivery: string;
  progress: string;
}

/** Waves in which both are. */
export async function sharedWaves(db: Db, keptId: string, otherId: string): Promise<Twin[]> {
  const rows = await db
    .selectFrom('invitation as own')
    .innerJoin('invitation as other', 'other.wave_id', 'own.wave_id')
    .select(['own.wave_id as waveId', 'own.id as ownId', 'own.delivery as ownDelivery', 'own.progress as ownProgress'])
    .select(['other.id as otherId', 'other.delivery as otherDelivery', 'other.progress as otherProgress'])
    .where('own.customer_id', '=', keptId)
    .where('other.customer_id', '=', otherId)
    .execute();
  return rows.map((row) => ({
    waveId: row.waveId,
    own: { id: row.ownId, delivery: row.ownDelivery, progress: row.ownProgress },
    other: { id: row.otherId, delivery: row.otherDelivery, progress: row.otherProgress },
  }));
}

export async function standFor(tx: Tx, invitationId: string, joinedId: string): Promise<void> {
  await tx.updateTable('invitation').set({ joined_id: joinedId }).where('id', '=', invitationId).execute();
}

/** Reminders of these invitations that nobody has begun to send. */
export async function dropPlannedReminders(tx: Tx, invitationIds: string[]): Promise<void> {
  if (invitationIds.length === 0) return;
  const planned = tx.updateTable('reminder').set({ state: 'cancelled', reason: 'gone' });
  await planned.where('invitation_id', 'in', invitationIds).where('state', '=', 'planned').execute();
}

export async function invitationIdsOf(db: Db, customerId: string): Promise<string[]> {
  const rows = await db.selectFrom('invitation').select('id').where('customer_id', '=', customerId).execute();
  return rows.map(({ id }) => id);
}
