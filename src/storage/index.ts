import { openSqlite } from './sqlite.ts';
import type { Storage } from './storage.ts';

export { checkCopy, isOpenElsewhere } from './check-copy.ts';
export type { Condition } from './condition.ts';
export { excluded } from './excluded.ts';
export { createHooks, type Hook, type Hooks } from './hooks.ts';
export { holdTable } from './holding.ts';
export { addSetting, newestSetting, type SettingsTable } from './kept-settings.ts';
export { migrate, NewerSchema } from './migrate.ts';
export { earlierThan, laterThan, momentIn, page, type Moment, type Page } from './paging.ts';
export { countRows, moveRows, type CustomerRows } from './customer-rows.ts';
export { named, prepared, preparedList, preparedRow, preparedRows } from './prepared.ts';
export { rowsOf } from './rows-of.ts';
export { unindexed } from './unindexed.ts';
export type { Schema } from './schema/index.ts';
export type { Db, Engine, Reader, Storage, Tx } from './storage.ts';

/**
 * Opens what `sqlite:PATH` or `postgres://…` names; the driver of the other engine is not loaded. SQLite that is not
 * `durable` waits for no disk: for what may be lost with the machine's power.
 */
export async function openStorage(databaseUrl: string, { durable = true } = {}): Promise<Storage> {
  if (databaseUrl.startsWith('sqlite:')) return openSqlite(databaseUrl.slice('sqlite:'.length), durable);
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(databaseUrl);
}
