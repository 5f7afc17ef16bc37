import type { Selectable } from 'kysely';
import { z } from 'zod';
import type { Db, Schema, Tx } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { placeKey } from '../opinions/opinion-store.ts';
import { chunks } from '../store.ts';
import type { Phrase } from './finding.ts';
import { keywordsSchema, type Keywords } from './keyword-rules.ts';

export interface Theme {
  id: string;
  state: 'new' | 'code' | 'same' | 'no';
  phrases: Phrase[];
  size: number;
  novelty: number;
  foundAt: string;
  codeId: string | null;
  given: Keywords;
  accountId: string | null;
  decidedAt: string | null;
}

export interface Look {
  wantedAt: string | null;
  lookedAt: string | null;
  unexplained: number;
}

const phrasesSchema = z.array(z.object({ text: z.string(), language: z.string() }));
const NO_LOOK: Look = { wantedAt: null, lookedAt: null, unexplained: 0 };

const toTheme = (row: Selectable<Schema['theme']>): Theme => ({
  id: row.id,
  state: row.state,
  phrases: phrasesSchema.parse(JSON.parse(row.phrases)),
  size: row.size,
  novelty: row.novelty,
  foundAt: row.found_at,
  codeId: row.code_id,
  given: keywordsSchema.parse(JSON.parse(row.given)),
  accountId: row.account_id,
  decidedAt: row.decided_at,
});

/** Those that nobody has judged, what is newest to us first. */
export async function newThemes(db: Db, programmeId: string): Promise<Theme[]> {
  const rows = await db
    .selectFrom('theme')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .where('state', '=', 'new')
    .orderBy('novelty', 'desc')
    .execute();
  return rows.map(toTheme);
}

/** How many nobody has judged. */
export async function countNew(db: Db, programmeId: string): Promise<number> {
  const { n } = await db
    .selectFrom('theme')
    .select(({ fn }) => fn.countAll<number>().as('n'))
    .where('programme_id', '=', programmeId)
    .where('state', '=', 'new')
    .executeTakeFirstOrThrow();
  return Number(n);
}

/** Those that people have judged, the latest choice first. */
export async function judgedThemes(db: Db, programmeId: string): Promise<Theme[]> {
  const rows = await db
    .selectFrom('theme')
    .selectAll()
    .where('programme_id', '=', programmeId)
    .where('state', 'in', ['code', 'same', 'no'])
    .execute();
  return rows.map(toTheme).sort((a, b) => ((a.decidedAt ?? '') < (b.decidedAt ?? '') ? 1 : -1));
}

export async function themeAt(db: Db, programmeId: string, id: string): Promise<Theme | undefined> {
  const row = await db
    .selectFrom('theme')
    .selectAll()
    .where('id', '=', id)
    .where('programme_id', '=', programmeId)
    .executeTakeFirst();
  return row && toTheme(row);
}

interface Member extends Place {
  place: number;
}

/** The answers of a theme, nearest to its centre first, from this place on. */
export async function membersFrom(db: Db, themeId: string, place: number, limit: number): Promise<Member[]> {
  return await db
    .selectFrom('theme_answer')
    .select(['place', 'response_id as responseId', 'question_key as questionKey'])
    .where('theme_id', '=', themeId)
    .where('place', '>=', place)
    .orderBy('place')
    .limit(limit)
    .execute();
}

/** The ids of the answers of each of these themes. */
export async function answersOf(db: Db, themeIds: string[]): Promise<Map<string, string[]>> {
  const found = new Map(themeIds.map((id): [string, string[]] => [id, []]));
  for (const ids of chunks(themeIds, 100)) {
    const rows = await db
      .selectFrom('theme_answer')
      .select(['theme_id', 'response_id as responseId', 'question_key as questionKey'])
      .where('theme_id', 'in', ids)
      .execute();
    for (const { theme_id: id, ...place } of rows) found.get(id)?.push(placeKey(place));
  }
  return found;
}

export interface FreshTheme extends Pick<Theme, 'id' | 'phrases' | 'novelty' | 'foundAt'> {
  members: Place[];
}

const ROWS_AT_ONCE = 200;

/** These take the place of all that nobody has judged. One that was judged in the meantime stays judged. */
export async function replaceNew(tx: Tx, programmeId: string, fresh: FreshTheme[]): Promise<void> {
  await tx.deleteFrom('theme').where('programme_id', '=', programmeId).where('state', '=', 'new').execute();
  for (const { id, phrases, novelty, foundAt, members } of fresh) {
    const row = { id, programme_id: programmeId, novelty, found_at: foundAt, size: members.length, given: '{}' };
    const { numInsertedOrUpdatedRows } = await tx
      .insertInto('theme')
      .values({ ...row, state: 'new', phrases: JSON.stringify(phrases) })
      .onConflict((on) => on.doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 1n) await addMembers(tx, id, members);
  }
}

/** Answers that were withdrawn while they were read are left out. */
async function addMembers(tx: Tx, themeId: string, members: Place[]): Promise<void> {
  const rows = members.map(({ responseId, questionKey }, place) => ({
    theme_id: themeId,
    place,
    response_id: responseId,
    question_key: questionKey,
  }));
  for (const some of chunks(rows, ROWS_AT_ONCE)) {
    const ids = some.map((each) => each.response_id);
    const there = await tx
      .selectFrom('coding_task')
      .select(['response_id as responseId', 'question_key as questionKey'])
      .where('response_id', 'in', ids)
      .execute();
    const keys = new Set(there.map(placeKey));
    const sound = some.filter((each) =>
      keys.has(placeKey({ responseId: each.response_id, questionKey: each.question_key })),
    );
    if (sound.length > 0) await tx.insertInto('theme_answer').values(sound).execute();
  }
}

/**
 * An answer is no longer there: what was made of its words goes at once. Themes that nobody has judged are looked for anew;
 * the others stay judged, without their words.
 */
export async function forgetWords(
  tx: Tx,
  { programmeId, responseId, questionKey }: Place & { programmeId: string },
  at: string,
): Promise<void> {
  const rows = await tx
    .selectFrom('theme_answer')
    .select('theme_id')
    .where('response_id', '=', responseId)
    .where('question_key', '=', questionKey)
    .execute();
  if (rows.length === 0) return;
  const ids = rows.map(({ theme_id: id }) => id);
  await tx.updateTable('theme').set({ phrases: '[]' }).where('id', 'in', ids).execute();
  await tx.deleteFrom('theme').where('id', 'in', ids).where('state', '=', 'new').execute();
  await noteLook(tx, programmeId, { wanted_at: at });
}

export interface Choice {
  state: 'code' | 'same' | 'no';
  codeId: string | null;
  given: Keywords;
  accountId: string | null;
  at: string;
}

/** False where somebody has judged it in the meantime, or it is gone. */
export async function judge(tx: Tx, id: string, { state, codeId, given, accountId, at }: Choice): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('theme')
    .set({ state, code_id: codeId, given: JSON.stringify(given), account_id: accountId, decided_at: at })
    .where('id', '=', id)
    .where('state', '=', 'new')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

/** False where it has been taken back already. */
export async function unjudge(tx: Tx, { id, state }: Theme): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('theme')
    .set({ state: 'new', code_id: null, given: '{}', account_id: null, decided_at: null })
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function lookOf(db: Db, programmeId: string): Promise<Look> {
  const row = await db
    .selectFrom('theme_look')
    .select(['wanted_at as wantedAt', 'looked_at as lookedAt', 'unexplained'])
    .where('programme_id', '=', programmeId)
    .executeTakeFirst();
  return row ?? NO_LOOK;
}

export async function noteLook(
  tx: Tx,
  programmeId: string,
  changes: { wanted_at: string } | { looked_at: string; unexplained: number },
): Promise<void> {
  await tx
    .insertInto('theme_look')
    .values({ programme_id: programmeId, wanted_at: null, looked_at: null, unexplained: 0, ...changes })
    .onConflict((on) => on.column('programme_id').doUpdateSet(changes))
    .execute();
}
