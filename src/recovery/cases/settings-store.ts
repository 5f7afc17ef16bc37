import { prepared, type Db, type Tx } from '../../storage/index.ts';

const readSetting = prepared<{ key: string }>()((db, p) =>
  db.selectFrom('case_setting').select('value').where('key', '=', p.key),
);

export async function findSetting(db: Db, key: string): Promise<string | undefined> {
  return (await readSetting(db, { key })).rows[0]?.value;
}

export async function saveSetting(tx: Tx, key: string, value: unknown, at: string): Promise<void> {
  const row = { key, value: JSON.stringify(value), updated_at: at };
  await tx
    .insertInto('case_setting')
    .values(row)
    .onConflict((on) => on.column('key').doUpdateSet({ value: row.value, updated_at: at }))
    .execute();
}
