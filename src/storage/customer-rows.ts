import { sql } from 'kysely';
import type { Schema } from './schema/index.ts';
import type { Db, Tx } from './storage.ts';

/** Rows that stand under a customer, and what becomes of them when two records of one person become one. */
export interface CustomerRows {
  table: keyof Schema;
  /** Where the customer stands in it. */
  column: string;
  /**
   * Columns that, with the customer, may stand only once ([]: one row a customer). A row for which the kept record has its own
   * `stays` behind with the record that went, where export and erasure find it, or `goes`.
   */
  once?: readonly string[];
  rest?: 'stays' | 'goes';
  /** Worked out anew from the others: it only goes. */
  derived?: true;
}

/** Puts the rows of one customer under another. */
export async function moveRows(tx: Tx, tables: readonly CustomerRows[], from: string, to: string): Promise<void> {
  for (const each of tables) {
    if (!each.derived) await moveTable(tx, each, from, to);
    if (each.derived || each.rest === 'goes')
      await sql`delete from ${sql.table(each.table)} where ${sql.ref(each.column)} = ${from}`.execute(tx);
  }
}

async function moveTable(tx: Tx, { table, column, once }: CustomerRows, from: string, to: string): Promise<void> {
  const [name, whose] = [sql.table(table), sql.ref(column)];
  const same = (once ?? []).map((each) => sql` and other.${sql.ref(each)} = ${sql.ref(`${table}.${each}`)}`);
  const free = once
    ? sql` and not exists (select 1 from ${name} as other where other.${whose} = ${to}${sql.join(same, sql``)})`
    : sql``;
  await sql`update ${name} set ${whose} = ${to} where ${whose} = ${from}${free}`.execute(tx);
}

/** How many rows of a table stand under a customer. */
export async function countRows(db: Db, { table, column }: CustomerRows, id: string): Promise<number> {
  const query = sql<{
    count: number;
  }>`select count(*) as count from ${sql.table(table)} where ${sql.ref(column)} = ${id}`;
  return Number((await query.execute(db as Tx)).rows[0]?.count ?? 0);
}
