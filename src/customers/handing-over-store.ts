import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';

/** Some of the customers who have that colleague as their contact person. */
export async function ofContact(db: Db, accountId: string, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('customer')
    .select('id')
    .where('contact_account_id', '=', accountId)
    .where('erased_at', 'is', null)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

export async function giveToContact(tx: Tx, ids: string[], accountId: string, now: string): Promise<void> {
  await tx
    .updateTable('customer')
    .set({ contact_account_id: accountId, revision: sql<number>`revision + 1`, updated_at: now })
    .where('id', 'in', ids)
    .execute();
}
