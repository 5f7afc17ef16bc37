import type { Db, Schema, Tx } from '../../storage/index.ts';

export type LetterRow = Schema['policy_letter'];
export type MessageRow = Schema['policy_message'];

/** The newest text of a policy's letter. */
export async function newestLetter(db: Db, policyId: string): Promise<LetterRow | undefined> {
  const query = db.selectFrom('policy_letter').selectAll().where('policy_id', '=', policyId);
  return await query.orderBy('number', 'desc').limit(1).executeTakeFirst();
}

export async function findLetters(db: Db, ids: string[]): Promise<Map<string, LetterRow>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom('policy_letter').selectAll().where('id', 'in', ids).execute();
  return new Map(rows.map((row) => [row.id, row]));
}

/** Whether nobody else wrote that number. */
export async function insertLetter(tx: Tx, row: LetterRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('policy_letter')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** Those of these customers to whom this policy was told, or is going to be; what was called back does not count. */
export async function toldAmong(db: Db, policyId: string, customerIds: string[]): Promise<Set<string>> {
  if (customerIds.length === 0) return new Set();
  const rows = await db
    .selectFrom('policy_message')
    .select('customer_id')
    .where('policy_id', '=', policyId)
    .where('customer_id', 'in', customerIds)
    .where('state', '<>', 'cancelled')
    .execute();
  return new Set(rows.map((row) => row.customer_id));
}

/** One to a customer for each policy, unless the first was called back. @returns those that are new */
export async function insertMessages(tx: Tx, rows: MessageRow[]): Promise<MessageRow[]> {
  if (rows.length === 0) return [];
  return await tx
    .insertInto('policy_message')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['policy_id', 'customer_id'])
        .doUpdateSet((eb) => ({
          id: eb.ref('excluded.id'),
          letter_id: eb.ref('excluded.letter_id'),
          language: eb.ref('excluded.language'),
          state: eb.ref('excluded.state'),
          reason: '',
          account_id: eb.ref('excluded.account_id'),
          created_at: eb.ref('excluded.created_at'),
          settled_at: null,
        }))
        .where('policy_message.state', '=', 'cancelled'),
    )
    .returningAll()
    .execute();
}

export async function findMessages(db: Db, ids: string[]): Promise<MessageRow[]> {
  if (ids.length === 0) return [];
  return await db.selectFrom('policy_message').selectAll().where('id', 'in', ids).execute();
}

/** Nothing where it has gone already. */
export async function moveMessage(
  tx: Tx,
  id: string,
  change: Pick<MessageRow, 'state' | 'reason' | 'settled_at'>,
): Promise<MessageRow | undefined> {
  return await tx
    .updateTable('policy_message')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', ['queued', 'sending', 'unknown'])
    .returningAll()
    .executeTakeFirst();
}

export async function queuedOfPolicy(db: Db, policyId: string, limit: number): Promise<string[]> {
  const query = db.selectFrom('policy_message').select('id').where('policy_id', '=', policyId);
  return (await query.where('state', '=', 'queued').limit(limit).execute()).map(({ id }) => id);
}

export async function queuedOfCustomers(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('policy_message').select('id').where('customer_id', 'in', customerIds);
  return (await query.where('state', '=', 'queued').execute()).map(({ id }) => id);
}

/** How many messages of these policies have each state. */
export async function countMessages(
  db: Db,
  policyIds: string[],
): Promise<{ policyId: string; state: MessageRow['state']; count: number }[]> {
  if (policyIds.length === 0) return [];
  const rows = await db
    .selectFrom('policy_message')
    .select(({ fn }) => ['policy_id', 'state', fn.countAll<number>().as('count')])
    .where('policy_id', 'in', policyIds)
    .groupBy(['policy_id', 'state'])
    .execute();
  return rows.map(({ policy_id, state, count }) => ({ policyId: policy_id, state, count: Number(count) }));
}
