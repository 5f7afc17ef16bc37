import { sql } from 'kysely';
import type { Db, Tx } from '../storage/index.ts';

/** Stands where words stood: that something was written still counts. */
const GONE = '–';

/** All that customers answered, in their own words, with what they had written before. */
export async function exportedResponses(db: Db, customerIds: string[]) {
  const responses = await db.selectFrom('response').selectAll().where('customer_id', 'in', customerIds).execute();
  const ids = responses.map(({ id }) => id);
  if (ids.length === 0) return { responses, answers: [], answersBefore: [], otherCopies: [] };
  return {
    responses,
    answers: await db.selectFrom('answer').selectAll().where('response_id', 'in', ids).execute(),
    answersBefore: await db.selectFrom('answer_revision').selectAll().where('response_id', 'in', ids).execute(),
    otherCopies: await db.selectFrom('response_copy').selectAll().where('response_id', 'in', ids).execute(),
  };
}

interface ErasedResponse {
  id: string;
  programmeId: string;
}

export async function responsesOf(tx: Tx, customerIds: string[]): Promise<ErasedResponse[]> {
  const query = tx.selectFrom('response').select(['id', 'programme_id as programmeId']);
  return await query.where('customer_id', 'in', customerIds).execute();
}

/** Begun before that id was made, with words still there; the oldest first. Ids grow with time. */
export async function responsesBefore(db: Db, id: string, before: string, limit: number): Promise<ErasedResponse[]> {
  return await db
    .selectFrom('response')
    .select(['id', 'programme_id as programmeId'])
    .where('erased_at', 'is', null)
    .where('id', '<', id)
    .where('updated_at', '<', before)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** The words go, with all earlier ones; that there were some, and what was ticked, stays. The row goes first: it is what writers wait for. */
export async function forgetWords(tx: Tx, ids: string[], at: string): Promise<void> {
  if (ids.length === 0) return;
  await tx
    .updateTable('response')
    .set({ erased_at: sql<string>`coalesce(erased_at, ${at})` })
    .where('id', 'in', ids)
    .execute();
  for (const table of ['answer', 'answer_revision'] as const) {
    const words = tx.updateTable(table).set({ verbatim: GONE }).where('response_id', 'in', ids);
    await words.where('verbatim', 'is not', null).where('verbatim', '<>', '').execute();
  }
  const copies = tx.updateTable('response_copy').set({ answers: '[]', state: 'set_aside' });
  await copies.where('response_id', 'in', ids).execute();
}
