import { checkCopy, openSqlite } from './sqlite.ts';
import type { Storage } from './storage.ts';

export { checkCopy };
export { migrate, NewerSchema } from './migrate.ts';
export { page, type Page } from './paging.ts';
export { named, prepared, preparedList, preparedRow } from './prepared.ts';
export type { Schema } from './schema/index.ts';
export type { Db, Engine, Reader, Storage, Tx } from './storage.ts';

/** Opens what `sqlite:PATH` or `postgres://…` names; the driver of the other engine is not loaded. */
export async function openStorage(databaseUrl: string): Promise<Storage> {
  if (databaseUrl.startsWith('sqlite:')) return openSqlite(databaseUrl.slice('sqlite:'.length));
  const { openPostgres } = await import('./postgres.ts');
  return openPostgres(databaseUrl);
}
