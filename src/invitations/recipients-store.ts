import { sql } from 'kysely';
import type { Db, Schema } from '../storage/index.ts';
import type { InvitationFilter, ListedInvitation } from './invitation.ts';
import type { Counts } from './rules.ts';

/** Read from two indexes: an answer then moves only the small one, which knows nobody who has not begun. */
export async function countInvitations(db: Db, waveIds: string[]): Promise<Map<string, Counts>> {
  if (waveIds.length === 0) return new Map();
  const ofWaves = db.selectFrom('invitation').select('wave_id').where('wave_id', 'in', waveIds);
  const delivery = await ofWaves
    .select('delivery')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.count<number>('bounced_at').as('bounced'),
      fn.count<number>('reached_at').as('reached'),
    ])
    .groupBy(['wave_id', 'delivery'])
    .execute();
  const progress = await ofWaves
    .select('progress')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where(sql<boolean>`progress <> 'none'`)
    .groupBy(['wave_id', 'progress'])
    .execute();
  const ofWave = <T extends { wave_id: string }>(rows: T[], id: string) => rows.filter((row) => row.wave_id === id);
  return new Map(waveIds.map((id) => [id, { delivery: ofWave(delivery, id), progress: ofWave(progress, id) }]));
}

export interface SkippedCount {
  reason: string;
  count: number;
  /** When the first and the last of them may be asked again. */
  from: string | null;
  until: string | null;
}

/** How many of a wave are not written to, by why. */
export async function countSkipped(db: Db, waveId: string): Promise<SkippedCount[]> {
  const rows = await db
    .selectFrom('invitation')
    .select('skip_reason')
    .select(({ fn }) => [
      fn.countAll<number>().as('count'),
      fn.min('skip_until').as('from'),
      fn.max('skip_until').as('until'),
    ])
    .where('wave_id', '=', waveId)
    .where('delivery', '=', 'skipped')
    .groupBy('skip_reason')
    .execute();
  return rows.map(({ skip_reason, ...row }) => ({ reason: skip_reason ?? '', ...row }));
}

/** Recipients in the order of their customers' ids, after that one. */
export async function listInvitations(
  db: Db,
  waveId: string,
  { delivery, progress, skipReason }: InvitationFilter,
  after: string | null,
  limit: number,
): Promise<ListedInvitation[]> {
  let query = db.selectFrom('invitation').selectAll().where('wave_id', '=', waveId).orderBy('customer_id').limit(limit);
  if (after !== null) query = query.where('customer_id', '>', after);
  if (skipReason !== undefined) query = query.where('delivery', '=', 'skipped').where('skip_reason', '=', skipReason);
  else if (delivery !== undefined) query = query.where('delivery', '=', delivery);
  if (progress !== undefined) query = query.where('progress', '=', progress);
  return (await query.execute()).map(toListed);
}

/** One recipient of a wave. */
export async function findListed(db: Db, waveId: string, id: string): Promise<ListedInvitation | undefined> {
  const query = db.selectFrom('invitation').selectAll().where('id', '=', id).where('wave_id', '=', waveId);
  const row = await query.executeTakeFirst();
  return row && toListed(row);
}

export function toListed(row: Schema['invitation']): ListedInvitation {
  return {
    id: row.id,
    customerId: row.customer_id,
    language: row.language,
    delivery: row.delivery,
    skipReason: row.skip_reason,
    skipUntil: row.skip_until,
    progress: row.progress,
    bouncedAt: row.bounced_at,
    reachedAt: row.reached_at,
    sentAt: row.sent_at,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}
