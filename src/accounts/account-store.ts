import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';

export type AccountRow = Schema['account'];

/** Read at every page of everybody signed in. */
export const findSignedIn = prepared<{ id: string }>()((db, p) =>
  db
    .selectFrom('account')
    .select(['id', 'name', 'role', 'language', 'password_hash', 'deactivated_at'])
    .where('id', '=', p.id),
);

export function findAccount(db: Db, id: string): Promise<AccountRow | undefined> {
  return db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
}

export function findAccounts(db: Db, ids: string[]): Promise<AccountRow[]> {
  return ids.length > 0 ? db.selectFrom('account').selectAll().where('id', 'in', ids).execute() : Promise.resolve([]);
}

export function findByEmail(db: Db, emailKey: string): Promise<AccountRow | undefined> {
  return db.selectFrom('account').selectAll().where('email_key', '=', emailKey).executeTakeFirst();
}

/** A business has some dozens of colleagues: all of them, by name. */
export function listAccounts(db: Db): Promise<AccountRow[]> {
  return db.selectFrom('account').selectAll().orderBy('name').orderBy('id').execute();
}

/** False where somebody has this address already. */
export async function insertAccount(tx: Tx, row: AccountRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('account')
    .values(row)
    .onConflict((conflict) => conflict.column('email_key').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function updateAccount(tx: Tx, id: string, values: Partial<AccountRow>): Promise<boolean> {
  const { numUpdatedRows } = await tx.updateTable('account').set(values).where('id', '=', id).executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** A better hash of the same password; not where the password has changed meanwhile. */
export async function replaceHash(tx: Tx, id: string, old: string, better: string): Promise<void> {
  await tx
    .updateTable('account')
    .set({ password_hash: better })
    .where('id', '=', id)
    .where('password_hash', '=', old)
    .execute();
}

/** Administrators who can sign in. */
export async function countAdministrators(db: Db): Promise<number> {
  const { count } = await db
    .selectFrom('account')
    .select((each) => each.fn.countAll<number>().as('count'))
    .where('role', '=', 'administrator')
    .where('password_hash', 'is not', null)
    .where('deactivated_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
