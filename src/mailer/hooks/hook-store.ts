import type { Db, Schema, Tx } from '../../storage/index.ts';

export type HookRow = Schema['mail_hook'];
export type HookProvider = HookRow['provider'];

export async function hookRows(db: Db): Promise<HookRow[]> {
  return await db.selectFrom('mail_hook').selectAll().orderBy('provider').execute();
}

export async function noteHook(
  tx: Tx,
  provider: HookProvider,
  news: Partial<Omit<HookRow, 'provider'>>,
): Promise<void> {
  await tx
    .insertInto('mail_hook')
    .values({ provider, heard_at: null, confirmed_at: null, ended_at: null, ...news })
    .onConflict((oc) => oc.column('provider').doUpdateSet(news))
    .execute();
}

/** @returns whether the token is new, or came with the same before */
export async function spendToken(tx: Tx, row: Schema['mail_hook_token']): Promise<boolean> {
  await tx
    .insertInto('mail_hook_token')
    .values(row)
    .onConflict((oc) => oc.column('token_hash').doNothing())
    .execute();
  const found = await tx
    .selectFrom('mail_hook_token')
    .select('fingerprint')
    .where('token_hash', '=', row.token_hash)
    .executeTakeFirstOrThrow();
  return found.fingerprint === row.fingerprint;
}

/** Those whose signature would not be taken any more. */
export async function forgetTokens(tx: Tx, takenBefore: string): Promise<void> {
  await tx.deleteFrom('mail_hook_token').where('taken_at', '<', takenBefore).execute();
}
