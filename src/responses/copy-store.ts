import { sql } from 'kysely';
import { z } from 'zod';
import { answerValueSchema } from '../questionnaires/index.ts';
import type { Db, Schema, Tx } from '../storage/index.ts';
import type { ContactWish, Copy, Mode, StoredAnswer, WaitingCopy } from './response.ts';
import { toColumns } from './rules.ts';

type CopyRow = Schema['response_copy'];
type EntryRow = Schema['response_entry'];

const answersSchema = z.array(
  z.object({
    key: z.string(),
    value: answerValueSchema,
    language: z.string(),
    mode: z.enum(['email', 'paper', 'telephone', 'web']),
    versionId: z.string(),
    answeredAt: z.string(),
  }),
);

export const asJson = (answers: Iterable<StoredAnswer>): string => JSON.stringify([...answers]);

export async function saveEntry(tx: Tx, row: EntryRow): Promise<void> {
  const { entered_by, entered_at, received_on } = row;
  await tx
    .insertInto('response_entry')
    .values(row)
    .onConflict((on) => on.column('response_id').doUpdateSet({ entered_by, entered_at, received_on }))
    .execute();
}

export async function deleteEntry(tx: Tx, responseId: string): Promise<void> {
  await tx.deleteFrom('response_entry').where('response_id', '=', responseId).execute();
}

export async function findEntry(db: Db, responseId: string): Promise<EntryRow | undefined> {
  return await db.selectFrom('response_entry').selectAll().where('response_id', '=', responseId).executeTakeFirst();
}

export async function insertCopy(tx: Tx, row: CopyRow): Promise<void> {
  await tx.insertInto('response_copy').values(row).execute();
}

export async function findCopy(db: Db, id: string): Promise<Copy | undefined> {
  const row = await db.selectFrom('response_copy').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toCopy(row);
}

/** Oldest first. */
export async function copiesOf(db: Db, responseId: string): Promise<Copy[]> {
  const query = db.selectFrom('response_copy').selectAll().where('response_id', '=', responseId).orderBy('id');
  return (await query.execute()).map(toCopy);
}

/** Those that nobody has decided about, oldest first, with whose answers they are beside. */
export async function waitingCopies(db: Db, after: string | null, limit: number): Promise<WaitingCopy[]> {
  // Said outright: a partial index is found only by a condition that needs no parameter.
  const waiting = sql<boolean>`response_copy.state = 'waiting'`;
  let query = db
    .selectFrom('response_copy')
    .innerJoin('response', 'response.id', 'response_copy.response_id')
    .selectAll('response_copy')
    .select(['response.reference', 'response.customer_id'])
    .where(waiting)
    .orderBy('response_copy.id')
    .limit(limit);
  if (after !== null) query = query.where('response_copy.id', '>', after);
  const rows = await query.execute();
  return rows.map((row) => ({ ...toCopy(row), reference: row.reference, customerId: row.customer_id }));
}

/** @returns whether it still was as it was seen */
export async function settleCopy(tx: Tx, seen: Copy, change: Partial<Omit<CopyRow, 'id'>>): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('response_copy')
    .set(change)
    .where('id', '=', seen.id)
    .where('chosen_at', seen.chosenAt === null ? 'is' : '=', seen.chosenAt)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Whoever writes to a response goes through its row, one after the other. */
export async function lockResponse(tx: Tx, id: string, at: string): Promise<void> {
  await tx.updateTable('response').set({ updated_at: at }).where('id', '=', id).execute();
}

/** Puts other answers in the place of all that stand. */
export async function putInPlace(tx: Tx, copy: Copy, submittedAt: string): Promise<void> {
  const change = { mode: copy.mode, language: copy.language, contact_wish: copy.contactWish };
  await tx
    .updateTable('response')
    .set({ ...change, state: 'complete', submitted_at: submittedAt })
    .where('id', '=', copy.responseId)
    .execute();
  await tx.deleteFrom('answer').where('response_id', '=', copy.responseId).execute();
  const rows = copy.answers.map((answer) => ({
    response_id: copy.responseId,
    question_key: answer.key,
    ...toColumns(answer.value),
    language: answer.language,
    mode: answer.mode,
    questionnaire_version_id: answer.versionId,
    answered_at: answer.answeredAt,
  }));
  if (rows.length > 0) await tx.insertInto('answer').values(rows).execute();
}

function toCopy(row: CopyRow): Copy {
  return {
    id: row.id,
    responseId: row.response_id,
    invitationId: row.invitation_id,
    mode: row.mode as Mode,
    language: row.language,
    answers: answersSchema.parse(JSON.parse(row.answers)),
    contactWish: row.contact_wish as ContactWish | null,
    enteredBy: row.entered_by,
    enteredAt: row.entered_at,
    receivedOn: row.received_on,
    state: row.state,
    chosenBy: row.chosen_by,
    chosenAt: row.chosen_at,
  };
}
