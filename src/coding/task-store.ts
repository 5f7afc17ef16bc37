import type { Selectable } from 'kysely';
import { prepared, type Db, type Schema, type Tx } from '../storage/index.ts';
import { chunks } from './store.ts';
import { recount, rootsNamedIn } from './themes/competitor-recount-store.ts';

export type TaskRow = Selectable<Schema['coding_task']>;

const MOST_IDS = 500;

const readTasks = prepared<{ responseId: string }>()((db, p) =>
  db.selectFrom('coding_task').selectAll().where('response_id', '=', p.responseId),
);

/** The answers of a response that have words to code. */
export async function tasksOf(db: Db, responseId: string): Promise<TaskRow[]> {
  return (await readTasks(db, { responseId })).rows;
}

export async function tasksOfSome(db: Db, responseIds: string[]): Promise<TaskRow[]> {
  const found: TaskRow[] = [];
  for (const ids of chunks(responseIds, MOST_IDS)) {
    found.push(...(await db.selectFrom('coding_task').selectAll().where('response_id', 'in', ids).execute()));
  }
  return found;
}

const addOne = prepared<{
  responseId: string;
  questionKey: string;
  programmeId: string;
  random: number;
  answeredAt: string | null;
  worthMinor: number;
  at: string;
}>()((db, p) =>
  db
    .insertInto('coding_task')
    .values({
      response_id: p.responseId,
      question_key: p.questionKey,
      programme_id: p.programmeId,
      state: 'open',
      random_number: p.random,
      answered_at: p.answeredAt,
      worth_minor: p.worthMinor,
      created_at: p.at,
    })
    .onConflict((on) => on.doNothing()),
);

export async function addTask(tx: Tx, task: Parameters<typeof addOne>[1]): Promise<void> {
  await addOne(tx, task);
}

/** The tasks of these customers, with the worth that stands beside each. */
export async function worthsBeside(
  tx: Tx,
  customerIds: string[],
): Promise<{ customerId: string; responseId: string; worthMinor: number }[]> {
  return await tx
    .selectFrom('main_reason as m')
    .innerJoin('coding_task as k', 'k.response_id', 'm.response_id')
    .select(['m.customer_id as customerId', 'k.response_id as responseId', 'k.worth_minor as worthMinor'])
    .where('m.customer_id', 'in', customerIds)
    .execute();
}

export async function setWorth(tx: Tx, responseIds: string[], worthMinor: number): Promise<void> {
  for (const ids of chunks(responseIds, MOST_IDS)) {
    await tx.updateTable('coding_task').set({ worth_minor: worthMinor }).where('response_id', 'in', ids).execute();
  }
}

const readTimes = prepared<{ responseId: string }>()((db, p) =>
  db
    .selectFrom('answer')
    .select(['question_key as key', 'answered_at as at'])
    .where('response_id', '=', p.responseId)
    .where('kind', '=', 'open'),
);

/** When each open answer of a response was given, by page key. */
export async function timesOfWords(db: Db, responseId: string): Promise<Map<string, string>> {
  const { rows } = await readTimes(db, { responseId });
  return new Map(rows.map(({ key, at }) => [key, at]));
}

export interface TaskChanges {
  state: 'open' | 'coded';
  codedAt: string | null;
  codedBy: string | null;
  /** Whether whoever coded it was not shown what the engine suggests. */
  blind: boolean;
}

/** Every change is counted, so that a desk which saw the task before it is told. */
export async function changeTasks(
  tx: Tx,
  questionKey: string,
  responseIds: string[],
  { state, codedAt, codedBy, blind }: TaskChanges,
): Promise<void> {
  for (const ids of chunks(responseIds, MOST_IDS)) {
    await tx
      .updateTable('coding_task')
      .set((eb) => ({
        state,
        coded_at: codedAt,
        coded_by: codedBy,
        skipped_at: null,
        revision: eb('revision', '+', 1),
        blind: Number(blind),
      }))
      .where('question_key', '=', questionKey)
      .where('response_id', 'in', ids)
      .execute();
  }
}

/** Back to the desk, and otherwise as it was; its random number, and whether an audit drew it, never change. */
export async function reopenTask(tx: Tx, responseId: string, questionKey: string, answeredAt: string): Promise<void> {
  await tx
    .updateTable('coding_task')
    .set((eb) => ({
      state: 'open',
      skipped_at: null,
      answered_at: answeredAt,
      revision: eb('revision', '+', 1),
      engine_turn: 0,
      blind: 0,
    }))
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .execute();
  // What was said of the old words, and which of them spoke for it, is not shown beside the new ones.
  await tx
    .deleteFrom('engine_opinion')
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .execute();
  await tx.deleteFrom('main_chance').where('response_id', '=', responseId).execute();
}

/** Whom the words of a response name is looked for again, in all of them: they have changed, or are gone. */
export async function forgetNames(tx: Tx, responseId: string): Promise<void> {
  const named = await rootsNamedIn(tx, [responseId]);
  await tx.deleteFrom('competitor_answer').where('response_id', '=', responseId).execute();
  await recount(tx, named);
  await tx.updateTable('coding_task').set({ names_read: 0 }).where('response_id', '=', responseId).execute();
}

export async function removeTask(tx: Tx, responseId: string, questionKey: string): Promise<void> {
  await tx
    .deleteFrom('coding_task')
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .execute();
  // What the engine said of the response may have been said of these words: the others are read anew.
  await tx.deleteFrom('main_chance').where('response_id', '=', responseId).execute();
  await tx.updateTable('coding_task').set({ engine_turn: 0 }).where('response_id', '=', responseId).execute();
}

/** False where it is no longer open. */
export async function skipTask(tx: Tx, responseId: string, questionKey: string, at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('coding_task')
    .set({ skipped_at: at })
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** What an account coded last. */
export async function lastCodedBy(db: Db, accountId: string, since: string): Promise<TaskRow | undefined> {
  return await db
    .selectFrom('coding_task')
    .selectAll()
    .where('coded_by', '=', accountId)
    .where('coded_at', '>=', since)
    .where('state', '=', 'coded')
    .orderBy('coded_at', 'desc')
    .orderBy('response_id', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/**
 * Sends answers that carry this code back to the desk, those of a few hundred responses at a time.
 * @returns those responses, to go on after the last; none when that was all
 */
export async function reopenSomeOfCode(tx: Tx, codeId: string, after: string, limit: number): Promise<string[]> {
  const found = await tx
    .selectFrom('coding')
    .select('response_id')
    .where('code_id', '=', codeId)
    .where('coder_kind', '=', 'colleague')
    .where('withdrawn_at', 'is', null)
    .where('response_id', '>', after)
    .groupBy('response_id')
    .orderBy('response_id')
    .limit(limit)
    .execute();
  const ids = found.map((row) => row.response_id);
  if (ids.length === 0) return [];
  await tx
    .updateTable('coding_task')
    .set((eb) => ({ state: 'open', skipped_at: null, revision: eb('revision', '+', 1) }))
    .where('state', '=', 'coded')
    .where('response_id', 'in', ids)
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom('coding as c')
          .select('c.id')
          .whereRef('c.response_id', '=', 'coding_task.response_id')
          .whereRef('c.question_key', '=', 'coding_task.question_key')
          .where('c.code_id', '=', codeId)
          .where('c.coder_kind', '=', 'colleague')
          .where('c.withdrawn_at', 'is', null),
      ),
    )
    .execute();
  return ids;
}
