import type { Db, Schema, Tx } from '../storage/index.ts';

/** Whether this was the first time. */
export async function markUnsubscribed(tx: Tx, id: string, at: string, how: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('customer')
    .set({ unsubscribed_at: at, unsubscribed_how: how })
    .where('id', '=', id)
    .where('unsubscribed_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Whether they were unsubscribed. */
export async function markSubscribed(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('customer')
    .set({ unsubscribed_at: null, unsubscribed_how: '' })
    .where('id', '=', id)
    .where('unsubscribed_at', 'is not', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertResubscription(tx: Tx, row: Schema['resubscription']): Promise<void> {
  await tx.insertInto('resubscription').values(row).execute();
}

export async function lastResubscription(db: Db, customerId: string): Promise<Schema['resubscription'] | undefined> {
  return await db
    .selectFrom('resubscription')
    .selectAll()
    .where('customer_id', '=', customerId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
