import type { Db, Schema, Tx } from '../storage/index.ts';

export function findSession(db: Db, sidHash: string, seenSince: string) {
  return db
    .selectFrom('session')
    .select(['data', 'seen_at'])
    .where('sid_hash', '=', sidHash)
    .where('seen_at', '>', seenSince)
    .executeTakeFirst();
}

export async function saveSession(tx: Tx, row: Schema['session']): Promise<void> {
  const { account_id, data, seen_at } = row;
  await tx
    .insertInto('session')
    .values(row)
    .onConflict((conflict) => conflict.column('sid_hash').doUpdateSet({ account_id, data, seen_at }))
    .execute();
}

export async function updateSession(tx: Tx, row: Omit<Schema['session'], 'created_at'>): Promise<void> {
  const { sid_hash, ...values } = row;
  await tx.updateTable('session').set(values).where('sid_hash', '=', sid_hash).execute();
}

export async function touchSession(tx: Tx, sidHash: string, seenAt: string): Promise<void> {
  await tx.updateTable('session').set({ seen_at: seenAt }).where('sid_hash', '=', sidHash).execute();
}

export async function deleteSession(tx: Tx, sidHash: string): Promise<void> {
  await tx.deleteFrom('session').where('sid_hash', '=', sidHash).execute();
}

/** Signs an account out everywhere: at a change of password or role. */
export async function deleteSessionsOf(tx: Tx, accountId: string): Promise<void> {
  await tx.deleteFrom('session').where('account_id', '=', accountId).execute();
}

/** What waits to be said on somebody's next page may name the customer who is being erased. */
export async function forgetNotices(tx: Tx): Promise<void> {
  const rows = await tx
    .selectFrom('session')
    .select(['sid_hash', 'data'])
    .where('data', 'like', '%"notice"%')
    .execute();
  for (const { sid_hash, data } of rows) {
    const { notice: _notice, ...kept } = JSON.parse(data) as Record<string, unknown>;
    await tx
      .updateTable('session')
      .set({ data: JSON.stringify(kept) })
      .where('sid_hash', '=', sid_hash)
      .execute();
  }
}

export async function deleteIdleSessions(tx: Tx, seenBefore: string): Promise<void> {
  await tx.deleteFrom('session').where('seen_at', '<', seenBefore).execute();
}
