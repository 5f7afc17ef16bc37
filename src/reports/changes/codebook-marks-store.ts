import type { Db } from '../../storage/index.ts';

/** Moments at which the codes of a programme changed so that shares before and after are not quite of the same. */
export async function codebookChanges(db: Db, programmeKey: string, from: string): Promise<string[]> {
  const rows = await db
    .selectFrom('codebook_change as h')
    .innerJoin('codebook as b', 'b.id', 'h.codebook_id')
    .innerJoin('programme as p', 'p.id', 'b.programme_id')
    .select('h.at')
    .distinct()
    .where('p.key', '=', programmeKey)
    .where('h.kind', '<>', 'rename')
    .where('h.at', '>=', from)
    .orderBy('h.at')
    .execute();
  return rows.map(({ at }) => at);
}
