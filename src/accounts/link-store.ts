import type { Db, Schema, Tx } from '../storage/index.ts';

export type LinkRow = Schema['account_link'];
type LinkKind = LinkRow['kind'];

export async function insertLink(tx: Tx, row: LinkRow): Promise<void> {
  await tx.insertInto('account_link').values(row).execute();
}

/** Only one that is unused, not expired, and of this kind. */
export function findOpenLink(db: Db, kind: LinkKind, hash: string, now: string) {
  return db
    .selectFrom('account_link')
    .select(['account_id', 'expires_at'])
    .where('token_hash', '=', hash)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirst();
}

/** Spends a link; false where somebody was faster or it is not open. */
export async function useLink(tx: Tx, kind: LinkKind, hash: string, now: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('account_link')
    .set({ used_at: now })
    .where('token_hash', '=', hash)
    .where('kind', '=', kind)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** Links that were made before and lead nowhere from now on. */
export async function deleteLinksOf(tx: Tx, accountId: string, kinds: LinkKind[]): Promise<void> {
  await tx.deleteFrom('account_link').where('account_id', '=', accountId).where('kind', 'in', kinds).execute();
}

export async function deleteSetupLinks(tx: Tx): Promise<void> {
  await tx.deleteFrom('account_link').where('kind', '=', 'setup').execute();
}

export async function countLinksSince(db: Db, accountId: string, kind: LinkKind, since: string): Promise<number> {
  const { count } = await db
    .selectFrom('account_link')
    .select((each) => each.fn.countAll<number>().as('count'))
    .where('account_id', '=', accountId)
    .where('kind', '=', kind)
    .where('created_at', '>', since)
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Of these tokens' hashes, those that still open something. */
export async function openHashes(db: Db, hashes: string[], now: string): Promise<Set<string>> {
  if (hashes.length === 0) return new Set();
  const rows = await db
    .selectFrom('account_link')
    .select('token_hash')
    .where('token_hash', 'in', hashes)
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  return new Set(rows.map((row) => row.token_hash));
}

/** Accounts with an invitation that can still be accepted. */
export async function invitedAccounts(db: Db, now: string): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('account_link')
    .select(['account_id', 'expires_at'])
    .where('kind', '=', 'invite')
    .where('used_at', 'is', null)
    .where('expires_at', '>', now)
    .execute();
  return new Map(rows.flatMap(({ account_id, expires_at }) => (account_id ? [[account_id, expires_at]] : [])));
}
