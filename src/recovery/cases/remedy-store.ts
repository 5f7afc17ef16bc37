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

/** What a colleague proposed and another decided, in these cases, and is not done with: not given yet, or declined since then. */
export async function decidedFor(
  db: Db,
  accountId: string,
  caseIds: string[],
  since: string,
): Promise<Map<string, ('approved' | 'declined')[]>> {
  if (caseIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('case_remedy')
    .select(['case_id', 'state'])
    .where('case_id', 'in', caseIds)
    .where('proposed_by', '=', accountId)
    .where('decided_by', '<>', accountId)
    .where((is) =>
      is.or([is('state', '=', 'approved'), is.and([is('state', '=', 'declined'), is('decided_at', '>=', since)])]),
    )
    .orderBy('id')
    .execute();
  const byCase = Map.groupBy(rows, (row) => row.case_id);
  return new Map(
    [...byCase].map(([id, found]) => [
      id,
      (['approved', 'declined'] as const).filter((state) => found.some((row) => row.state === state)),
    ]),
  );
}
