import { sql } from 'kysely';
import type { Tx } from '../../storage/index.ts';

/** What these responses say counts for these names. */
export async function rootsNamedIn(tx: Tx, responseIds: string[]): Promise<string[]> {
  const rows = await tx
    .selectFrom('competitor_answer as a')
    .innerJoin('competitor as c', 'c.id', 'a.competitor_id')
    .select('c.root_id')
    .distinct()
    .where('a.response_id', 'in', responseIds)
    .execute();
  return rows.map((row) => row.root_id);
}

/** Keeps beside each of these in how many responses it stands, under any of its names: lists are read in that order. */
export async function recount(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  const some = [...new Set(ids)].sort();
  // Whoever counts the same ones meanwhile waits, and then sees what changed here.
  await tx
    .updateTable('competitor')
    .set((eb) => ({ root_id: eb.ref('root_id') }))
    .where('id', 'in', some)
    .execute();
  const responses = sql<number>`(select count(distinct a.response_id) from competitor as m
    join competitor_answer as a on a.competitor_id = m.id where m.root_id = competitor.id)`;
  await tx.updateTable('competitor').set({ responses }).where('id', 'in', some).execute();
}
