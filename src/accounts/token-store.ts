import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';

export type TokenRow = Schema['access_token'];

/** Read at every request of a program. */
export const findToken = prepared<{ hash: string }>()((db, p) =>
  db
    .selectFrom('access_token')
    .select(['id', 'role', 'token_hash', 'last_used_at'])
    .where('token_hash', '=', p.hash)
    .where('revoked_at', 'is', null),
);

/** A business has a handful of programs: all of their tokens, the newest first. */
export function listTokens(db: Db): Promise<TokenRow[]> {
  return db.selectFrom('access_token').selectAll().orderBy('id', 'desc').execute();
}

export async function insertToken(tx: Tx, row: TokenRow): Promise<void> {
  await tx.insertInto('access_token').values(row).execute();
}

export async function revokeToken(tx: Tx, id: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('access_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function noteUse(tx: Tx, id: string, at: string): Promise<void> {
  await tx.updateTable('access_token').set({ last_used_at: at }).where('id', '=', id).execute();
}
