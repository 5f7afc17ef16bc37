import { preparedRow, type Db, type Schema, type Tx } from '../../storage/index.ts';

export type EventRow = Schema['case_event'];
export type StepRow = Schema['case_step'];

const insertOne = preparedRow<EventRow>()((db, row) => db.insertInto('case_event').values(row));

export async function insertEvent(tx: Tx, row: EventRow): Promise<void> {
  await insertOne(tx, row);
}

/** The thread, newest first. */
export async function eventsOf(db: Db, caseId: string, before: string | null, limit: number): Promise<EventRow[]> {
  const query = db.selectFrom('case_event').selectAll().where('case_id', '=', caseId);
  const older = before === null ? query : query.where('id', '<', before);
  return await older.orderBy('id', 'desc').limit(limit).execute();
}

/** Whether a program has written a note with that reference of its own. */
export async function hasNote(db: Db, caseId: string, reference: string): Promise<boolean> {
  const query = db.selectFrom('case_event').select('id').where('case_id', '=', caseId).where('kind', '=', 'note');
  return (await query.where('detail', '=', JSON.stringify({ reference })).executeTakeFirst()) !== undefined;
}

const WRITTEN = ['notQuite', 'customerWrote', 'customerProposed'];

/** What the customer wrote on their own page, newest first. */
export async function writtenByCustomer(db: Db, caseId: string, limit: number): Promise<EventRow[]> {
  const query = db.selectFrom('case_event').selectAll().where('case_id', '=', caseId).where('from_customer', '=', 1);
  return await query.where('kind', 'in', WRITTEN).orderBy('id', 'desc').limit(limit).execute();
}

/** What the customers of these cases said last on their own page, or in the letter that opened them again. */
export async function lastWritten(db: Db, caseIds: string[]): Promise<Map<string, string>> {
  if (caseIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('case_event')
    .select(['case_id', 'words'])
    .where('case_id', 'in', caseIds)
    .where('from_customer', '=', 1)
    .where('kind', 'in', WRITTEN)
    .where('words', '<>', '')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.case_id, row.words]));
}

export async function insertSteps(tx: Tx, rows: StepRow[]): Promise<void> {
  await tx.insertInto('case_step').values(rows).execute();
}

/** Of all rounds, in their order. */
export async function stepsOf(db: Db, caseId: string): Promise<StepRow[]> {
  return await db
    .selectFrom('case_step')
    .selectAll()
    .where('case_id', '=', caseId)
    .orderBy('round')
    .orderBy('position')
    .execute();
}

/** @returns whether the step was in that state */
export async function changeStep(
  tx: Tx,
  step: Pick<StepRow, 'case_id' | 'round' | 'step'> & { from: StepRow['state'] },
  change: Partial<StepRow>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('case_step')
    .set(change)
    .where('case_id', '=', step.case_id)
    .where('round', '=', step.round)
    .where('step', '=', step.step)
    .where('state', '=', step.from)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}
