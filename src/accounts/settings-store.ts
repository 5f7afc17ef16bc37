import { prepared, type Db, type Tx } from '../storage/index.ts';

const readAll = prepared<object>()((db) => db.selectFrom('setting').select(['key', 'value']));

export async function findSettings(db: Db) {
  return (await readAll(db, {})).rows;
}

export function findSetting(db: Db, key: string) {
  return db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
}

export async function removeSetting(tx: Tx, key: string): Promise<boolean> {
  const { numDeletedRows } = await tx.deleteFrom('setting').where('key', '=', key).executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}

export async function saveSetting(tx: Tx, key: string, value: unknown, at: string): Promise<void> {
  const row = { value: JSON.stringify(value), updated_at: at };
  await tx
    .insertInto('setting')
    .values({ key, ...row })
    .onConflict((conflict) => conflict.column('key').doUpdateSet(row))
    .execute();
}
