import type { Db, Tx } from '../storage/index.ts';
import { forget as forgetLearned } from './opinions/kept-store.ts';
import { forgetWords as forgetThemes } from './themes/theme-store.ts';

const GONE = '–';
/** No model reads the answer again: what was made of it while it had words stays. The largest that both engines hold. */
const NEVER_AGAIN = 2_147_483_647;

interface Erased {
  id: string;
  programmeId: string;
}

/** What was made of customers' answers. */
export async function exportedCodings(db: Db, responseIds: string[]) {
  if (responseIds.length === 0) return { codings: [], suggestions: [] };
  return {
    codings: await codingsEver(db, responseIds),
    suggestions: await db
      .selectFrom('engine_opinion')
      .select(['response_id', 'question_key', 'chances', 'why'])
      .where('response_id', 'in', responseIds)
      .execute(),
  };
}

/** Those that stand are found in one index, those that were withdrawn in another. */
async function codingsEver(db: Db, responseIds: string[]) {
  const codings = db
    .selectFrom('coding as c')
    .innerJoin('code as k', 'k.id', 'c.code_id')
    .selectAll('c')
    .select('k.key as code')
    .where('c.response_id', 'in', responseIds);
  const standing = codings.where('c.withdrawn_at', 'is', null);
  return await standing
    .unionAll(codings.where('c.withdrawn_at', 'is not', null))
    .orderBy('id')
    .execute();
}

/**
 * What quotes these responses goes, and what was learned from them is learned anew from the others. Codes stay as given, so
 * that every count stays; the desk has these answers behind all others, for nothing is left in them to be read.
 */
export async function forgetQuotes(tx: Tx, responses: Erased[], at: string): Promise<void> {
  const ids = responses.map(({ id }) => id);
  if (ids.length === 0) return;
  const tasks = tx.updateTable('coding_task').set({ engine_turn: NEVER_AGAIN, names_read: 1 });
  await tasks.where('response_id', 'in', ids).execute();
  await putAside(tx, ids, at);
  await tx.updateTable('engine_opinion').set({ why: '{}' }).where('response_id', 'in', ids).execute();
  await forgetOwnThemes(tx, responses, at);
  await forgetNames(tx, ids);
  const programmeIds = new Set(responses.map(({ programmeId }) => programmeId));
  for (const programmeId of [...programmeIds].sort()) await forgetLearned(tx, programmeId);
}

async function putAside(tx: Tx, ids: string[], at: string): Promise<void> {
  const open = tx.updateTable('coding_task').set({ skipped_at: at }).where('response_id', 'in', ids);
  await open.where('state', '=', 'open').where('skipped_at', 'is', null).execute();
}

async function forgetOwnThemes(tx: Tx, responses: Erased[], at: string): Promise<void> {
  for (const { id: responseId, programmeId } of responses) {
    const own = tx.selectFrom('theme_answer').select('question_key').distinct().where('response_id', '=', responseId);
    for (const { question_key: questionKey } of await own.execute())
      await forgetThemes(tx, { programmeId, responseId, questionKey }, at);
  }
}

/** A name that only these answers have, and that nobody has called a competitor's, is no more than their own words. */
async function forgetNames(tx: Tx, ids: string[]): Promise<void> {
  const named = tx.selectFrom('competitor_answer').select('competitor_id').where('response_id', 'in', ids);
  const rows = await tx
    .selectFrom('competitor as c')
    .select('c.id')
    .where('c.state', '<>', 'yes')
    .where('c.id', 'in', named)
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('competitor_answer as other')
            .select('other.response_id')
            .whereRef('other.competitor_id', '=', 'c.id')
            .where('other.response_id', 'not in', ids),
        ),
      ),
    )
    .execute();
  for (const { id } of rows)
    await tx
      .updateTable('competitor')
      .set({ name: GONE, key: `erased ${id}` })
      .where('id', '=', id)
      .execute();
}
