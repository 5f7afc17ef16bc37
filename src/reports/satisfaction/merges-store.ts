import type { Db } from '../../storage/index.ts';

/** Codes that were merged, each with the one that it became. */
export async function mergesOf(db: Db): Promise<{ id: string; into: string }[]> {
  const rows = await db
    .selectFrom('code')
    .select(['id', 'merged_into_id'])
    .where('merged_into_id', 'is not', null)
    .orderBy('id')
    .execute();
  return rows.flatMap(({ id, merged_into_id: into }) => (into === null ? [] : [{ id, into }]));
}
