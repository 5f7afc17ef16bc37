import { sql } from 'kysely';
import type { Schema } from './schema/index.ts';
import type { Engine, Tx } from './storage.ts';

/**
 * Until this transaction ends, whoever would hold or write the same table comes after; on SQLite they come one after
 * the other anyway. For what stands once and no unique constraint can say so.
 */
export async function holdTable(tx: Tx, engine: Engine, table: keyof Schema): Promise<void> {
  if (engine === 'postgres') await sql`lock table ${sql.table(table)} in share row exclusive mode`.execute(tx);
}
