import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../storage/index.ts';
import type { RefusalTopic } from './customer.ts';

/** An address of an office may stand with many. */
const MOST_NAMED = 5;

/**
 * Since when a customer wants no questionnaires: none at all, or no letters at all. Null: they may be asked. Whoever
 * said so has said it for their address, under whatever number it is imported again.
 */
export const noSurveysSince = sql<string | null>`coalesce(customer.unsubscribed_at,
  (select refusal.since from refusal where refusal.customer_id = customer.id and refusal.topic = 'surveys'),
  (select min(coalesce(same.unsubscribed_at, refusal.since)) from customer same
    left join refusal on refusal.customer_id = same.id and refusal.topic = 'surveys'
    where same.email_key = customer.email_key and same.email_key <> '' and same.merged_into_id is null))`;

/** Other records with the address of this one that want no questionnaires, or no letters at all. */
export async function refusingWithSameAddress(db: Db, id: string) {
  return await db
    .selectFrom('customer as same')
    .innerJoin('customer as own', 'own.email_key', 'same.email_key')
    .leftJoin('refusal', (on) => on.onRef('refusal.customer_id', '=', 'same.id').on('refusal.topic', '=', 'surveys'))
    .select(['same.reference', 'same.organisation'])
    .select(['same.given_name as givenName', 'same.family_name as familyName'])
    .where('own.id', '=', id)
    .where('own.email_key', '<>', '')
    .where('same.id', '<>', id)
    .where('same.merged_into_id', 'is', null)
    .where((is) => is.or([is('same.unsubscribed_at', 'is not', null), is('refusal.topic', 'is not', null)]))
    .orderBy('same.id')
    .limit(MOST_NAMED)
    .execute();
}

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

/** Whether this was the first time. */
export async function insertRefusal(tx: Tx, row: Schema['refusal']): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('refusal')
    .values(row)
    .onConflict((on) => on.columns(['customer_id', 'topic']).doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function refusalsOf(db: Db, customerId: string): Promise<Schema['refusal'][]> {
  return await db.selectFrom('refusal').selectAll().where('customer_id', '=', customerId).orderBy('topic').execute();
}

/** Who of these wants no more of that. */
export async function refusersAmong(db: Db, ids: string[], topic: RefusalTopic): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const refusing = db.selectFrom('refusal').select('customer_id').where('customer_id', 'in', ids);
  const rows = await refusing.where('topic', '=', topic).execute();
  return new Set(rows.map((row) => row.customer_id));
}

/** Whether there were any. */
export async function deleteRefusals(tx: Tx, customerId: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('refusal').where('customer_id', '=', customerId).executeTakeFirst();
  return numDeletedRows > 0n;
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
