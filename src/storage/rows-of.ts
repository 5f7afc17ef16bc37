import { sql } from 'kysely';
import type { Schema } from './schema/index.ts';
import type { Db, Tx } from './storage.ts';

type TablesWith<Column extends string> = {
  [Table in keyof Schema]: Column extends keyof Schema[Table] ? Table : never;
}[keyof Schema];

/** By table the whole rows that stand under these ids, as they are kept. */
export async function rowsOf<Column extends 'customer_id' | 'case_id'>(
  db: Db,
  tables: readonly TablesWith<Column>[],
  column: Column,
  ids: readonly string[],
): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const table of tables) {
    const query = sql`select * from ${sql.table(table)} where ${sql.ref(column)} in (${sql.join(ids)})`;
    found[table] = ids.length === 0 ? [] : (await query.execute(db as Tx)).rows;
  }
  return found;
}
