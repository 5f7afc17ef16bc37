import type { Db, Schema, Tx } from '../../storage/index.ts';

export type AnswerRow = Schema['library_answer'];
export type TextRow = Schema['library_text'];

/** More than any business writes; what is beyond is not found by typing. */
const MOST = 2000;

/** Every text that is in force, of answers that are, with how often each was used. */
export async function approvedTexts(db: Db) {
  return await db
    .selectFrom('library_text as text')
    .innerJoin('library_answer as answer', 'answer.id', 'text.answer_id')
    .select([
      'text.id',
      'text.answer_id',
      'text.language',
      'text.question',
      'text.body',
      'answer.owner_id',
      'answer.review_on',
      'answer.reviewed_at',
    ])
    .where('text.state', '=', 'approved')
    .where('answer.retired_at', 'is', null)
    .orderBy('text.id')
    .limit(MOST)
    .execute();
}

/** Those that wait for a manager, the oldest first. */
export async function proposedTexts(db: Db): Promise<TextRow[]> {
  return await db
    .selectFrom('library_text as text')
    .innerJoin('library_answer as answer', 'answer.id', 'text.answer_id')
    .selectAll('text')
    .where('text.state', '=', 'proposed')
    .where('answer.retired_at', 'is', null)
    .orderBy('text.proposed_at')
    .orderBy('text.id')
    .limit(MOST)
    .execute();
}

/** How often each of these answers was sent. */
export async function usesOf(db: Db, answerIds: string[]): Promise<Map<string, number>> {
  if (answerIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('library_use')
    .select(['answer_id', (eb) => eb.fn.countAll<number>().as('uses')])
    .where('answer_id', 'in', answerIds)
    .groupBy('answer_id')
    .execute();
  return new Map(rows.map(({ answer_id, uses }) => [answer_id, Number(uses)]));
}

/** What became of the cases in which an answer was used: one row a case, however often. */
export async function casesOf(db: Db, answerId: string) {
  return await db
    .selectFrom('recovery_case')
    .select(['id', 'asked_at', 'settled'])
    .select((eb) =>
      eb
        .selectFrom('case_event')
        .select((each) => each.fn.countAll<number>().as('count'))
        .whereRef('case_event.case_id', '=', 'recovery_case.id')
        .where('case_event.kind', '=', 'notQuite')
        .as('not_quite'),
    )
    .where('id', 'in', (eb) => eb.selectFrom('library_use').select('case_id').where('answer_id', '=', answerId))
    .execute();
}

export async function findAnswer(db: Db, id: string): Promise<AnswerRow | undefined> {
  return await db.selectFrom('library_answer').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function findText(db: Db, id: string): Promise<TextRow | undefined> {
  return await db.selectFrom('library_text').selectAll().where('id', '=', id).executeTakeFirst();
}

/** All versions in all languages, the newest first. */
export async function textsOf(db: Db, answerId: string): Promise<TextRow[]> {
  return await db
    .selectFrom('library_text')
    .selectAll()
    .where('answer_id', '=', answerId)
    .orderBy('number', 'desc')
    .orderBy('language')
    .execute();
}

export async function retiredAnswers(db: Db): Promise<AnswerRow[]> {
  return await db
    .selectFrom('library_answer')
    .selectAll()
    .where('retired_at', 'is not', null)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute();
}

/** Each may be left out. */
export interface AnswerFilter {
  ownerId?: string | undefined;
  retired?: boolean | undefined;
}

/** The newest first. */
export async function listAnswers(
  db: Db,
  { ownerId, retired }: AnswerFilter,
  before: string | null,
  limit: number,
): Promise<AnswerRow[]> {
  let query = db.selectFrom('library_answer').selectAll();
  if (before !== null) query = query.where('id', '<', before);
  if (ownerId !== undefined) query = query.where('owner_id', '=', ownerId);
  if (retired !== undefined) query = query.where('retired_at', retired ? 'is not' : 'is', null);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

/** The answer in use of which a text in force, or one that waits, says just that. */
export async function answerSaying(
  db: Db,
  { language, question, body }: Pick<TextRow, 'language' | 'question' | 'body'>,
): Promise<string | undefined> {
  const found = await db
    .selectFrom('library_text as text')
    .innerJoin('library_answer as answer', 'answer.id', 'text.answer_id')
    .select('answer.id')
    .where('answer.retired_at', 'is', null)
    .where('text.state', 'in', ['approved', 'proposed'])
    .where('text.language', '=', language)
    .where('text.question', '=', question)
    .where('text.body', '=', body)
    .executeTakeFirst();
  return found?.id;
}

export async function insertAnswer(tx: Tx, row: AnswerRow): Promise<void> {
  await tx.insertInto('library_answer').values(row).execute();
}

/** Whether it is the next version in its language, and no other waits there. */
export async function insertText(tx: Tx, row: TextRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('library_text')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The approved text makes room for another. */
export async function replaceApproved(tx: Tx, answerId: string, language: string): Promise<void> {
  await tx
    .updateTable('library_text')
    .set({ state: 'replaced' })
    .where('answer_id', '=', answerId)
    .where('language', '=', language)
    .where('state', '=', 'approved')
    .execute();
}

export async function decide(
  tx: Tx,
  id: string,
  decision: Pick<TextRow, 'state' | 'decided_by' | 'decided_token' | 'decided_at' | 'reason'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('library_text')
    .set(decision)
    .where('id', '=', id)
    .where('state', '=', 'proposed')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function setReview(
  tx: Tx,
  id: string,
  seen: string,
  changed: Pick<AnswerRow, 'owner_id' | 'review_on' | 'reviewed_at'>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('library_answer')
    .set(changed)
    .where('id', '=', id)
    .where('review_on', '=', seen)
    .where('retired_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function setRetired(tx: Tx, id: string, at: string | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('library_answer')
    .set({ retired_at: at })
    .where('id', '=', id)
    .where('retired_at', at === null ? 'is not' : 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function insertUse(tx: Tx, row: Schema['library_use']): Promise<void> {
  await tx.insertInto('library_use').values(row).execute();
}

/** How many answers in use a colleague looks after. */
export async function countAnswersOf(db: Db, ownerId: string): Promise<number> {
  const query = db.selectFrom('library_answer').select((eb) => eb.fn.countAll<number>().as('count'));
  const theirs = query.where('owner_id', '=', ownerId).where('retired_at', 'is', null);
  return Number((await theirs.executeTakeFirstOrThrow()).count);
}

/** @returns how many the other one looks after from now on */
export async function giveAnswers(tx: Tx, from: string, to: string): Promise<number> {
  const theirs = tx.updateTable('library_answer').set({ owner_id: to }).where('owner_id', '=', from);
  return Number((await theirs.where('retired_at', 'is', null).executeTakeFirstOrThrow()).numUpdatedRows);
}

/** How many answers of a colleague were to be reviewed by that day. */
export async function countOverdue(db: Db, ownerId: string, day: string): Promise<number> {
  const { count } = await db
    .selectFrom('library_answer')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('owner_id', '=', ownerId)
    .where('review_on', '<=', day)
    .where('retired_at', 'is', null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
