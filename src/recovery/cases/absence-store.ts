import type { Db, Schema, Tx } from '../../storage/index.ts';

type AbsenceRow = Schema['colleague_absence'];

/** Who is away on that day, and until when. */
export async function absencesOn(db: Db, day: string): Promise<Map<string, string>> {
  const query = db.selectFrom('colleague_absence').selectAll().where('until_on', '>=', day);
  return new Map((await query.execute()).map((row) => [row.account_id, row.until_on]));
}

export async function setAbsence(tx: Tx, row: AbsenceRow): Promise<void> {
  const { until_on, set_by, set_at } = row;
  await tx
    .insertInto('colleague_absence')
    .values(row)
    .onConflict((on) => on.column('account_id').doUpdateSet({ until_on, set_by, set_at }))
    .execute();
}

/** @returns whether they were away */
export async function endAbsence(tx: Tx, accountId: string): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('colleague_absence')
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  return numDeletedRows > 0n;
}
