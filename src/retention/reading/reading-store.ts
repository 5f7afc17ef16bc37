import type { Db, Schema, Tx } from '../../storage/index.ts';

type ReadingRow = Schema['retention_reading'];

/** Whether it was new: to confirm twice changes nothing. */
export async function insertReading(tx: Tx, row: ReadingRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('retention_reading')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The newest version that somebody has confirmed, by what they read. */
export async function readBy(db: Db, accountId: string): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('retention_reading')
    .select(['subject_id', (eb) => eb.fn.max('number').as('number')])
    .where('account_id', '=', accountId)
    .groupBy('subject_id')
    .execute();
  return new Map(rows.map(({ subject_id, number }) => [subject_id, Number(number)]));
}

/** Every confirmation of some goals or policies, the newest last. */
export async function readingsOf(db: Db, subjectIds: string[]): Promise<ReadingRow[]> {
  if (subjectIds.length === 0) return [];
  return await db
    .selectFrom('retention_reading')
    .selectAll()
    .where('subject_id', 'in', subjectIds)
    .orderBy('number')
    .orderBy('account_id')
    .execute();
}
