import { prepared, type Db, type Schema, type Tx } from '../../storage/index.ts';

const readSetting = prepared<{ key: string }>()((db, p) =>
  db.selectFrom('case_setting').select(['value', 'revision']).where('key', '=', p.key),
);

export async function findSetting(db: Db, key: string): Promise<{ value: string; revision: number } | undefined> {
  return (await readSetting(db, { key })).rows[0];
}

/** @returns whether nobody had saved others since that revision; 0: since the beginning */
export async function saveSetting(tx: Tx, row: Schema['case_setting'], from: number): Promise<boolean> {
  if (from === 0) {
    const adding = tx.insertInto('case_setting').values(row);
    const added = await adding.onConflict((on) => on.doNothing()).executeTakeFirstOrThrow();
    return added.numInsertedOrUpdatedRows === 1n;
  }
  const { key, ...change } = row;
  const changing = tx.updateTable('case_setting').set(change).where('key', '=', key).where('revision', '=', from);
  return (await changing.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}
