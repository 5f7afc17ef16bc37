import type { Db, Tx } from '../../storage/index.ts';

/** @returns whether the case did not have it */
export async function insertTags(tx: Tx, caseId: string, tag: string): Promise<boolean> {
  const added = await tx
    .insertInto('case_tag')
    .values({ case_id: caseId, tag })
    .onConflict((on) => on.doNothing())
    .returning('tag')
    .executeTakeFirst();
  return added !== undefined;
}

/** @returns whether the case had it */
export async function removeTag(tx: Tx, caseId: string, tag: string): Promise<boolean> {
  const removed = tx.deleteFrom('case_tag').where('case_id', '=', caseId).where('tag', '=', tag);
  return (await removed.executeTakeFirstOrThrow()).numDeletedRows === 1n;
}

export async function tagsOf(db: Db, caseIds: string[]): Promise<Map<string, string[]>> {
  if (caseIds.length === 0) return new Map();
  const query = db.selectFrom('case_tag').selectAll().where('case_id', 'in', caseIds).orderBy('tag');
  const rows = Map.groupBy(await query.execute(), (row) => row.case_id);
  return new Map([...rows].map(([id, tags]) => [id, tags.map(({ tag }) => tag)]));
}
