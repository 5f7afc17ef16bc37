import { named, prepared, type Db, type Schema, type Tx } from '../storage/index.ts';
import type { ContactWish, Found, Mode, Response, Revision, StoredAnswer } from './response.ts';
import { fromColumns } from './rules.ts';

export type ResponseRow = Schema['response'];
export type AnswerRow = Schema['answer'];

const readOne = prepared<{ invitationId: string }>()((db, p) =>
  db.selectFrom('response').selectAll().where('invitation_id', '=', p.invitationId),
);

const readAnswers = prepared<{ responseId: string }>()((db, p) =>
  db.selectFrom('answer').selectAll().where('response_id', '=', p.responseId),
);

/** The response to an invitation with all its answers. Two reads: joined, each answer would carry the response again. */
export async function findByInvitation(db: Db, invitationId: string): Promise<Found | undefined> {
  const [row] = (await readOne(db, { invitationId })).rows;
  if (!row) return undefined;
  const { rows } = await readAnswers(db, { responseId: row.id });
  return { response: toResponse(row), answers: new Map(rows.map((each) => [each.question_key, toAnswer(each)])) };
}

const RESPONSE: (keyof ResponseRow)[] = [
  'id',
  'invitation_id',
  'customer_id',
  'wave_id',
  'programme_id',
  'questionnaire_version_id',
  'mode',
  'language',
  'state',
  'reference',
  'contact_wish',
  'started_at',
  'updated_at',
  'submitted_at',
  'erased_at',
];

const insertOne = prepared<ResponseRow>()((db, p) =>
  db
    .insertInto('response')
    .values(named(p, RESPONSE))
    .onConflict((on) => on.doNothing()),
);

/** Nothing where the invitation has its response already, or the reference is taken. */
export async function insertResponse(tx: Tx, row: ResponseRow): Promise<Response | undefined> {
  const { numAffectedRows } = await insertOne(tx, row);
  return numAffectedRows === 1n ? toResponse(row) : undefined;
}

const touchOne = prepared<{ invitationId: string; language: string; at: string }>()((db, p) =>
  db
    .updateTable('response')
    .set({ language: p.language, updated_at: p.at })
    .where('invitation_id', '=', p.invitationId)
    .where('erased_at', 'is', null)
    .returningAll(),
);

/**
 * Notes language and time; whoever writes to a response goes through this row, one after the other. Nothing where there is
 * none, or its words have been erased.
 */
export async function touchResponse(
  tx: Tx,
  touch: { invitationId: string; language: string; at: string },
): Promise<Response | undefined> {
  const { rows } = await touchOne(tx, touch);
  return rows[0] && toResponse(rows[0]);
}

/** Whether there is a response whose words are gone. */
export async function isErased(tx: Tx, invitationId: string): Promise<boolean> {
  const query = tx.selectFrom('response').select('erased_at').where('invitation_id', '=', invitationId);
  return ((await query.executeTakeFirst())?.erased_at ?? null) !== null;
}

const completeOne = prepared<{ invitationId: string; at: string }>()((db, p) =>
  db
    .updateTable('response')
    .set({ state: 'complete', submitted_at: p.at, updated_at: p.at })
    .where('invitation_id', '=', p.invitationId)
    .where('state', '=', 'partial')
    .where('erased_at', 'is', null)
    .returningAll(),
);

/** Nothing where there is no response, or it is complete already. */
export async function completeResponse(tx: Tx, invitationId: string, at: string): Promise<Response | undefined> {
  const { rows } = await completeOne(tx, { invitationId, at });
  return rows[0] && toResponse(rows[0]);
}

export async function saveWish(tx: Tx, invitationId: string, wish: ContactWish, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('response')
    .set({ contact_wish: wish, updated_at: at })
    .where('invitation_id', '=', invitationId)
    .where('state', '=', 'complete')
    .where('erased_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const ANSWER: (keyof AnswerRow)[] = [
  'response_id',
  'question_key',
  'kind',
  'verbatim',
  'value',
  'language',
  'mode',
  'questionnaire_version_id',
  'answered_at',
];

const insertAnswerOne = prepared<AnswerRow>()((db, p) =>
  db
    .insertInto('answer')
    .values(named(p, ANSWER))
    .onConflict((on) => on.columns(['response_id', 'question_key']).doNothing()),
);

/** False where the page has an answer already. */
export async function insertAnswer(tx: Tx, row: AnswerRow): Promise<boolean> {
  const { numAffectedRows } = await insertAnswerOne(tx, row);
  return numAffectedRows === 1n;
}

export async function insertAnswers(tx: Tx, rows: AnswerRow[]): Promise<void> {
  if (rows.length > 0) await tx.insertInto('answer').values(rows).execute();
}

/** Locked until the transaction ends by the response's row, which was touched before. */
export async function answerAt(tx: Tx, responseId: string, key: string): Promise<AnswerRow | undefined> {
  return await tx
    .selectFrom('answer')
    .selectAll()
    .where('response_id', '=', responseId)
    .where('question_key', '=', key)
    .executeTakeFirst();
}

export async function replaceAnswer(tx: Tx, row: AnswerRow): Promise<void> {
  const { response_id: responseId, question_key: key, ...changes } = row;
  await tx
    .updateTable('answer')
    .set(changes)
    .where('response_id', '=', responseId)
    .where('question_key', '=', key)
    .execute();
}

export async function insertRevision(tx: Tx, id: string, was: AnswerRow, replacedAt: string): Promise<void> {
  const { response_id, question_key, kind, verbatim, value, language, answered_at } = was;
  const row = { id, response_id, question_key, kind, verbatim, value, language, answered_at, replaced_at: replacedAt };
  await tx.insertInto('answer_revision').values(row).execute();
}

export async function revisionsOf(db: Db, responseId: string): Promise<Revision[]> {
  const rows = await db
    .selectFrom('answer_revision')
    .selectAll()
    .where('response_id', '=', responseId)
    .orderBy('question_key')
    .orderBy('replaced_at')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    key: row.question_key,
    value: fromColumns(row),
    language: row.language,
    answeredAt: row.answered_at,
    replacedAt: row.replaced_at,
  }));
}

export function toResponse(row: ResponseRow): Response {
  return {
    id: row.id,
    invitationId: row.invitation_id,
    customerId: row.customer_id,
    waveId: row.wave_id,
    programmeId: row.programme_id,
    versionId: row.questionnaire_version_id,
    mode: row.mode,
    language: row.language,
    state: row.state,
    reference: row.reference,
    contactWish: row.contact_wish,
    startedAt: row.started_at,
    updatedAt: row.updated_at,
    submittedAt: row.submitted_at,
  };
}

export function toAnswer(row: AnswerRow): StoredAnswer {
  return {
    key: row.question_key,
    value: fromColumns(row),
    language: row.language,
    mode: row.mode as Mode,
    versionId: row.questionnaire_version_id,
    answeredAt: row.answered_at,
  };
}
