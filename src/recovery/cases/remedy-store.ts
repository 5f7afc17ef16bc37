import type { Db, Schema, Tx } from '../../storage/index.ts';

export type RemedyRow = Schema['case_remedy'];

export async function insertRemedy(tx: Tx, row: RemedyRow): Promise<void> {
  await tx.insertInto('case_remedy').values(row).execute();
}

export async function remediesOf(db: Db, caseId: string): Promise<RemedyRow[]> {
  return await db.selectFrom('case_remedy').selectAll().where('case_id', '=', caseId).orderBy('id').execute();
}

export async function findRemedy(db: Db, caseId: string, id: string): Promise<RemedyRow | undefined> {
  return await db
    .selectFrom('case_remedy')
    .selectAll()
    .where('id', '=', id)
    .where('case_id', '=', caseId)
    .executeTakeFirst();
}

/** @returns whether it was in that state */
export async function changeRemedy(
  tx: Tx,
  id: string,
  from: RemedyRow['state'],
  change: Partial<Omit<RemedyRow, 'id' | 'case_id'>>,
): Promise<boolean> {
  const query = tx.updateTable('case_remedy').set(change).where('id', '=', id).where('state', '=', from);
  return (await query.executeTakeFirst()).numUpdatedRows === 1n;
}
