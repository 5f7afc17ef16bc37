import type { Db, Tx } from '../../storage/index.ts';

export async function findSetting(db: Db, key: string): Promise<string | undefined> {
  const query = db.selectFrom('case_setting').select('value').where('key', '=', key);
  return (await query.executeTakeFirst())?.value;
}

export async function saveSetting(tx: Tx, key: string, value: unknown, at: string): Promise<void> {
  const row = { key, value: JSON.stringify(value), updated_at: at };
  await tx
    .insertInto('case_setting')
    .values(row)
    .onConflict((on) => on.column('key').doUpdateSet({ value: row.value, updated_at: at }))
    .execute();
}
