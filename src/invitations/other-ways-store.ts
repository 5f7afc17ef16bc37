import type { Db, Tx } from '../storage/index.ts';
import { noteCounts, noteCountsOf } from './count-store.ts';
import type { ListedInvitation } from './invitation.ts';
import { toListed } from './recipients-store.ts';
import type { Delivery } from './wave.ts';

export type OtherWay = 'no_address' | 'unanswered';

/** Recipients who could still answer, in the order of their customers' ids, after that one. */
export async function stillToAnswer(
  db: Db,
  waveId: string,
  { whom, now }: { whom: OtherWay; now: string },
  after: string | null,
  limit: number,
): Promise<ListedInvitation[]> {
  let query = db.selectFrom('invitation').selectAll().where('wave_id', '=', waveId);
  query =
    whom === 'no_address'
      ? query.where('delivery', '=', 'skipped').where('skip_reason', '=', 'no_address')
      : query.where('delivery', 'in', ['sent', 'failed']).where('expires_at', '>', now);
  query = query.where('progress', 'in', ['none', 'started']).where('revoked_at', 'is', null);
  if (after !== null) query = query.where('customer_id', '>', after);
  return (await query.orderBy('customer_id').limit(limit).execute()).map(toListed);
}

export async function listedById(db: Db, ids: string[]): Promise<Map<string, ListedInvitation>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('invitation').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, toListed(row)]));
}

/**
 * What came back or never went counts as reached from now on.
 * @returns whether it stood as expected: not answered, not withdrawn, its delivery still that one
 */
export async function markReached(
  tx: Tx,
  id: string,
  from: Delivery,
  { language, expiresAt, now }: { language: string; expiresAt: string; now: string },
): Promise<{ customer_id: string } | undefined> {
  const sent = { delivery: 'sent' as const, skip_reason: null, skip_until: null, sent_at: now };
  const row = await tx
    .updateTable('invitation')
    .set({ ...(from === 'sent' ? {} : sent), language, expires_at: expiresAt })
    .set(({ eb }) => ({
      reached_at: eb.case().when('bounced_at', 'is not', null).then(now).else(eb.ref('reached_at')).end(),
    }))
    .where('id', '=', id)
    .where('delivery', '=', from)
    .where('progress', 'in', ['none', 'started'])
    .where('revoked_at', 'is', null)
    .returning(['customer_id', 'wave_id'])
    .executeTakeFirst();
  if (row) await noteCounts(tx, [row.wave_id]);
  return row;
}

/** @returns whether they had been reached by another way after their e-mail came back, and are no longer */
export async function markUnreached(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('invitation')
    .set({ reached_at: null })
    .where('id', '=', id)
    .where('reached_at', 'is not', null)
    .executeTakeFirst();
  if (numUpdatedRows === 1n) await noteCountsOf(tx, { id });
  return numUpdatedRows === 1n;
}

/** @returns the customers of those who were skipped and are kept out from now on */
export async function markWithheld(tx: Tx, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .updateTable('invitation')
    .set({ delivery: 'withheld', skip_reason: null, skip_until: null })
    .where('id', 'in', ids)
    .where('delivery', '=', 'skipped')
    .returning(['customer_id', 'wave_id'])
    .execute();
  await noteCounts(
    tx,
    rows.map((row) => row.wave_id),
  );
  return rows.map((row) => row.customer_id);
}
