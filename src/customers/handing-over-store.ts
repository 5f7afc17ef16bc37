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

/** Those of them who have the one colleague as their contact person still. @returns who they are */
export async function giveToContact(
  tx: Tx,
  ids: string[],
  { from, to }: { from: string; to: string },
  now: string,
): Promise<string[]> {
  if (ids.length === 0) return [];
  const rows = await tx
    .updateTable('customer')
    .set({ contact_account_id: to, revision: sql<number>`revision + 1`, updated_at: now })
    .where('id', 'in', ids)
    .where('contact_account_id', '=', from)
    .returning('id')
    .execute();
  return rows.map(({ id }) => id);
}
