import type { Db, Schema, Tx } from '../storage/index.ts';

export type RollupState = Schema['rollup_state'];

export async function findState(db: Db, part: string): Promise<RollupState | undefined> {
  return await db.selectFrom('rollup_state').selectAll().where('part', '=', part).executeTakeFirst();
}

export async function saveState(tx: Tx, row: RollupState): Promise<void> {
  const { part: _, ...change } = row;
  await tx
    .insertInto('rollup_state')
    .values(row)
    .onConflict((on) => on.column('part').doUpdateSet(change))
    .execute();
}

/** '' where there is nobody. */
export async function newestCustomer(db: Db): Promise<string> {
  const row = await db.selectFrom('customer').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst();
  return row?.id ?? '';
}
