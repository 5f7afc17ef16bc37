import type { KeptSettingTable } from './schema/kept-setting.ts';
import type { Db, Tx } from './storage.ts';

/** The tables of settings of which every saving is kept. */
export type SettingsTable = 'payment_setting' | 'anniversary_setting' | 'value_setting' | 'risk_setting';

// Any one stands for all: they are alike.
const alike = (table: SettingsTable) => table as 'payment_setting';

/** What is in force; undefined where nobody has ever said. */
export async function newestSetting(db: Db, table: SettingsTable): Promise<KeptSettingTable | undefined> {
  return await db.selectFrom(alike(table)).selectAll().orderBy('revision', 'desc').limit(1).executeTakeFirst();
}

/** @returns whether there was none of that revision */
export async function addSetting(tx: Tx, table: SettingsTable, row: KeptSettingTable): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto(alike(table))
    .values(row)
    .onConflict((on) => on.column('revision').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}
