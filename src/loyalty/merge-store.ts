import type { Db, Tx } from '../storage/index.ts';

/** What they said last counts, and who no longer wants to be a reference on one record is none on the other. */
export async function keepLatestWishes(tx: Tx, otherId: string, keptId: string, at: string): Promise<void> {
  const ids = [otherId, keptId];
  const said = tx.selectFrom('contentment').selectAll().where('customer_id', 'in', ids);
  const [earlier, later] = await said.orderBy('said_at').orderBy('customer_id').execute();
  if (earlier && later) await tx.deleteFrom('contentment').where('customer_id', '=', earlier.customer_id).execute();
  const references = await tx.selectFrom('trust_reference').selectAll().where('customer_id', 'in', ids).execute();
  if (references.length < 2) return;
  const isOver = references.some((row) => row.ended_at !== null);
  const over = tx.updateTable('trust_reference').set({ ended_at: at }).where('ended_at', 'is', null);
  await over.where('customer_id', 'in', isOver ? ids : [otherId]).execute();
}

/** Whether a card of one year is to be written to each: a person leaves one of them out. */
export async function cardForBoth(db: Db, keptId: string, otherId: string): Promise<boolean> {
  const years = db.selectFrom('greeting').select('year').where('customer_id', '=', keptId);
  const second = db.selectFrom('greeting').select('id').where('customer_id', '=', otherId).where('year', 'in', years);
  return (await second.where('state', '=', 'to_write').limit(1).executeTakeFirst()) !== undefined;
}
