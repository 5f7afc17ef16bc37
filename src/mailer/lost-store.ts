import type { Db, Tx } from '../storage/index.ts';
import { CHANGED, type Changed } from './store.ts';

/** Mails that a process had under way when it died: nobody knows whether they arrived. */
export async function abandonMails(
  tx: Tx,
  { mine, now, livingAlso }: { mine: string; now: string; livingAlso: boolean },
): Promise<Changed[]> {
  const update = tx
    .updateTable('outgoing_mail')
    .set({ state: 'unknown', settled_at: now, last_error: 'interrupted' })
    .where('state', '=', 'sending')
    .where('claimed_by', '!=', mine);
  const dead = livingAlso
    ? update
    : update.where('claimed_by', 'not in', (eb) =>
        eb.selectFrom('lease').select('holder').where('name', 'like', 'mailer %').where('expires_at', '>', now),
      );
  return await dead.returning(CHANGED).execute();
}

/** What somebody has under way, and since when. */
export async function claimedBy(db: Db, claimer: string): Promise<{ id: string; claimed_at: string | null }[]> {
  const query = db.selectFrom('outgoing_mail').select(['id', 'claimed_at']).where('state', '=', 'sending');
  return await query.where('claimed_by', '=', claimer).execute();
}

/** Of these claims, those that still stand: whoever made them knows nothing of them any more. */
export async function abandonClaims(
  tx: Tx,
  claims: { id: string; claimed_at: string | null }[],
  now: string,
): Promise<Changed[]> {
  const abandoned: Changed[] = [];
  for (const { id, claimed_at } of claims) {
    const update = tx
      .updateTable('outgoing_mail')
      .set({ state: 'unknown', settled_at: now, last_error: 'interrupted' })
      .where('id', '=', id)
      .where('state', '=', 'sending')
      .where('claimed_at', '=', claimed_at);
    abandoned.push(...(await update.returning(CHANGED).execute()));
  }
  return abandoned;
}

/** Whether somebody else has anything under way, or had when they died. */
export async function isAnythingSending(db: Db, exceptBy: string): Promise<boolean> {
  const query = db.selectFrom('outgoing_mail').select('id').where('state', '=', 'sending');
  return (await query.where('claimed_by', '!=', exceptBy).limit(1).executeTakeFirst()) !== undefined;
}
