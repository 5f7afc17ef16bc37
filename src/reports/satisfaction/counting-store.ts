import { sql } from 'kysely';
import { z } from 'zod';
import type { Db, Schema, Tx } from '../../storage/index.ts';
import type { Cell, Tally } from './folding.ts';
import type { Counted, Part, Words } from './parts.ts';

/** So many rows in one statement: SQLite takes some thousand values. */
const ROWS_AT_ONCE = 200;
/** Begins the names of what is remembered of months. */
const MONTH = 'month ';

const MOMENTS: Partial<Record<Schema['schedule']['moment'], Part>> = {
  before_dealing: 'before',
  during_dealing: 'during',
  after_dealing: 'after',
  after_purchase: 'after',
};

/** What a wave is about: null where it is neither about satisfaction nor about a dealing. */
export async function partOfWave(db: Db, waveId: string): Promise<Part | null> {
  const row = await db
    .selectFrom('wave as w')
    .innerJoin('programme as p', 'p.id', 'w.programme_id')
    .leftJoin('schedule_run as n', 'n.id', 'w.schedule_run_id')
    .leftJoin('schedule as s', 's.id', 'n.schedule_id')
    .select(['p.key', 's.moment'])
    .where('w.id', '=', waveId)
    .executeTakeFirst();
  const moment = row?.moment && MOMENTS[row.moment];
  return moment ?? (row?.key === 'satisfaction' ? 'satisfaction' : null);
}

interface Arrived {
  responseId: string;
  customerId: string;
  part: Part;
  programmeId: string;
  day: string;
  score: number | null;
  likely: number | null;
}

/** Keeps a response with the customer as they are now; one that was changed keeps what they were. */
export async function keepResponse(tx: Tx, arrived: Arrived): Promise<void> {
  const { responseId, customerId, part, programmeId, day, score, likely } = arrived;
  await tx
    .insertInto('satisfaction_response')
    .columns(['response_id', 'part', 'programme_id', 'on_day', 'segment', 'country', 'language', 'score', 'likely'])
    .expression((eb) =>
      eb
        .selectFrom('customer')
        .select([sql.val(responseId).as('response_id'), sql<Part>`${part}`.as('part')])
        .select([sql.val(programmeId).as('programme_id'), sql.val(day).as('on_day'), 'segment', 'country', 'language'])
        .select([
          sql<number>`cast(${score} as integer)`.as('score'),
          sql<number>`cast(${likely} as integer)`.as('likely'),
        ])
        .where('id', '=', customerId),
    )
    .onConflict((on) => on.column('response_id').doUpdateSet({ score, likely }))
    .execute();
}

/** Notes that these days are to be counted anew; each note has an id of its own, so that nobody waits for anybody. */
export async function addNews(tx: Tx, news: Schema['satisfaction_news'][]): Promise<void> {
  for (const some of inParts(news)) await tx.insertInto('satisfaction_news').values(some).execute();
}

/** Days on which these customers answered. */
export async function daysOf(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const rows = await db
    .selectFrom('response as r')
    .innerJoin('satisfaction_response as s', 's.response_id', 'r.id')
    .select('s.on_day')
    .distinct()
    .where('r.customer_id', 'in', customerIds)
    .execute();
  return rows.map((row) => row.on_day);
}

export async function daysOfProgramme(db: Db, programmeId: string): Promise<string[]> {
  const rows = await db
    .selectFrom('satisfaction_response')
    .select('on_day')
    .distinct()
    .where('programme_id', '=', programmeId)
    .execute();
  return rows.map((row) => row.on_day);
}

/** The earliest days with news, with the ids of the notes. */
export async function newsOf(db: Db, limit: number): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('satisfaction_news')
    .select(['id', 'on_day'])
    .orderBy('on_day')
    .orderBy('id')
    .limit(limit)
    .execute();
  return new Map(
    Array.from(
      Map.groupBy(rows, (row) => row.on_day),
      ([day, all]) => [day, all.map(({ id }) => id)],
    ),
  );
}

const chancesSchema = z.record(z.string(), z.number());

/** The next responses of a day, with what they say. */
export async function responsesOn(db: Db, day: string, after: string, limit: number): Promise<Counted[]> {
  const rows = await db
    .selectFrom('satisfaction_response')
    .selectAll()
    .where('on_day', '=', day)
    .where('response_id', '>', after)
    .orderBy('response_id')
    .limit(limit)
    .execute();
  const ids = rows.map((row) => row.response_id);
  const words = await wordsOf(db, ids);
  const expected = await expectedBefore(
    db,
    rows.filter(({ part }) => part === 'after').map((row) => row.response_id),
  );
  return rows.map((row) => ({
    responseId: row.response_id,
    part: row.part,
    programmeId: row.programme_id,
    segment: row.segment,
    country: row.country,
    language: row.language,
    score: row.score,
    likely: row.likely,
    expected: expected.get(row.response_id) ?? null,
    words: words.get(row.response_id) ?? [],
  }));
}

async function wordsOf(db: Db, responseIds: string[]): Promise<Map<string, Words[]>> {
  if (responseIds.length === 0) return new Map();
  const tasks = await db
    .selectFrom('coding_task as t')
    .leftJoin('engine_opinion as o', (on) =>
      on.onRef('o.response_id', '=', 't.response_id').onRef('o.question_key', '=', 't.question_key'),
    )
    .select(['t.response_id', 't.question_key', 't.state', 't.random_number', 't.engine_turn', 'o.chances'])
    .where('t.response_id', 'in', responseIds)
    .execute();
  const codings = await db
    .selectFrom('coding')
    .select(['response_id', 'question_key', 'code_id'])
    .where('response_id', 'in', responseIds)
    .where('coder_kind', '=', 'colleague')
    .where('withdrawn_at', 'is', null)
    .execute();
  const given = Map.groupBy(codings, (row) => `${row.response_id} ${row.question_key}`);
  const words = tasks.map((row) => ({
    responseId: row.response_id,
    questionKey: row.question_key,
    random: row.random_number,
    codes:
      row.state === 'coded'
        ? (given.get(`${row.response_id} ${row.question_key}`) ?? []).map((each) => each.code_id)
        : null,
    // Words that were changed are read again: until then nothing is known of them.
    chances: row.chances === null || row.engine_turn === 0 ? null : chancesSchema.parse(JSON.parse(row.chances)),
  }));
  return Map.groupBy(words, ({ responseId }) => responseId);
}

/** What the same customer expected of the same dealing, where they were asked before it. */
async function expectedBefore(db: Db, responseIds: string[]): Promise<Map<string, number>> {
  if (responseIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('response as r')
    .innerJoin('wave as w', 'w.id', 'r.wave_id')
    .innerJoin('schedule_subject as s', (on) =>
      on.onRef('s.run_id', '=', 'w.schedule_run_id').onRef('s.customer_id', '=', 'r.customer_id'),
    )
    .innerJoin('schedule as c', (on) => on.on('c.moment', '=', 'before_dealing'))
    .innerJoin('schedule_subject as b', (on) =>
      on.onRef('b.schedule_id', '=', 'c.id').onRef('b.subject_key', '=', 's.subject_key'),
    )
    .innerJoin('wave as v', 'v.schedule_run_id', 'b.run_id')
    .innerJoin('response as e', (on) => on.onRef('e.wave_id', '=', 'v.id').onRef('e.customer_id', '=', 'r.customer_id'))
    .innerJoin('satisfaction_response as x', 'x.response_id', 'e.id')
    .select(['r.id', 'x.score'])
    .where('r.id', 'in', responseIds)
    .where('x.score', 'is not', null)
    .execute();
  return new Map(rows.flatMap(({ id, score }) => (score === null ? [] : [[id, score]])));
}

/** Puts the counts of a day in the place of those before; the notes that asked for it go. */
export async function replaceDay(
  tx: Tx,
  day: string,
  { cells, tallies, news }: { cells: Cell[]; tallies: Tally[]; news: string[] },
): Promise<void> {
  const span = `d${day}`;
  for (const kind of ['score', 'code'] as const)
    await tx.deleteFrom('satisfaction_cell').where('kind', '=', kind).where('span', '=', span).execute();
  await tx.deleteFrom('satisfaction_tally').where('on_day', '=', day).execute();
  for (const some of inParts(cells))
    await tx
      .insertInto('satisfaction_cell')
      .values(some.map((cell) => ({ ...cell, span })))
      .execute();
  for (const some of inParts(tallies))
    await tx
      .insertInto('satisfaction_tally')
      .values(some.map((tally) => ({ ...tally, on_day: day })))
      .execute();
  for (const ids of inParts(news)) await tx.deleteFrom('satisfaction_news').where('id', 'in', ids).execute();
  const month = day.slice(0, 7);
  await keepState(tx, `${MONTH}${month}`, month);
}

/** Months ('YYYY-MM') of which a day was counted anew. */
export async function changedMonths(db: Db): Promise<string[]> {
  const rows = await db
    .selectFrom('satisfaction_state')
    .select('value')
    .where('name', '>=', MONTH)
    .where('name', '<', `${MONTH}9999`)
    .execute();
  return rows.map((row) => row.value);
}

/** Sums up the days of a month. */
export async function replaceMonth(tx: Tx, month: string): Promise<void> {
  await tx.deleteFrom('satisfaction_state').where('name', '=', `${MONTH}${month}`).execute();
  for (const kind of ['score', 'code'] as const) {
    await tx.deleteFrom('satisfaction_cell').where('kind', '=', kind).where('span', '=', `m${month}`).execute();
    await tx
      .insertInto('satisfaction_cell')
      .columns(['kind', 'span', 'topic', 'item', 'segment', 'country', 'language', 'n', 'coded', 'chance', 'rest'])
      .expression((eb) =>
        eb
          .selectFrom('satisfaction_cell')
          .select(['kind', sql<string>`${`m${month}`}`.as('span'), 'topic', 'item', 'segment', 'country', 'language'])
          .select(({ fn }) => [fn.sum<number>('n').as('n'), fn.sum<number>('coded').as('coded')])
          .select(({ fn }) => [fn.sum<number>('chance').as('chance'), fn.sum<number>('rest').as('rest')])
          .where('kind', '=', kind)
          .where('span', '>=', `d${month}-01`)
          .where('span', '<=', `d${month}-31`)
          .groupBy(['kind', 'topic', 'item', 'segment', 'country', 'language']),
      )
      .execute();
  }
}

/** The codes that stand on the answers of these responses, in the place of those before. */
export async function replaceThemes(
  tx: Tx,
  responseIds: string[],
  themes: Schema['satisfaction_theme'][],
): Promise<void> {
  for (const ids of inParts(responseIds))
    await tx.deleteFrom('satisfaction_theme').where('response_id', 'in', ids).execute();
  for (const some of inParts(themes)) await tx.insertInto('satisfaction_theme').values(some).execute();
}

/** Programmes whose answers the engine has read through by a newer model than was counted, with that model's turn. */
export async function turnsOfProgrammes(db: Db): Promise<{ programmeId: string; turn: number }[]> {
  const rows = await db
    .selectFrom('engine_model')
    .select(['programme_id', 'turn'])
    .where('state', '=', 'in_use')
    .execute();
  return rows.map((row) => ({ programmeId: row.programme_id, turn: row.turn }));
}

export async function anyUnread(db: Db, programmeId: string, turn: number): Promise<boolean> {
  const found = await db
    .selectFrom('coding_task')
    .select('response_id')
    .where('programme_id', '=', programmeId)
    .where('engine_turn', '<', turn)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

export async function stateOf(db: Db, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('satisfaction_state').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

export async function keepState(tx: Tx, name: string, value: string): Promise<void> {
  await tx
    .insertInto('satisfaction_state')
    .values({ name, value })
    .onConflict((on) => on.column('name').doUpdateSet({ value }))
    .execute();
}

/** By question, code ('' for all) and score, how many in a period. */
export async function talliesIn(db: Db, from: string, to: string): Promise<Tally[]> {
  const rows = await db
    .selectFrom('satisfaction_tally')
    .select(['question_key', 'code_id', 'score'])
    .select(({ fn }) => fn.sum<number>('n').as('n'))
    .where('on_day', '>=', from)
    .where('on_day', '<=', to)
    .groupBy(['question_key', 'code_id', 'score'])
    .execute();
  return rows.map((row) => ({ ...row, n: Number(row.n) }));
}

/** How many answers in words have been read, by colleagues or by the engine. */
export async function countResponses(db: Db): Promise<number> {
  const row = await db
    .selectFrom('satisfaction_cell')
    .select(({ fn }) => [fn.sum<number | null>('coded').as('coded'), fn.sum<number | null>('rest').as('rest')])
    .where('kind', '=', 'code')
    .where('span', '>=', 'm')
    .where('item', '=', '')
    .executeTakeFirst();
  return Number(row?.coded ?? 0) + Number(row?.rest ?? 0);
}

export async function replaceLow(tx: Tx, rows: Schema['satisfaction_low'][]): Promise<void> {
  await tx.deleteFrom('satisfaction_low').execute();
  for (const some of inParts(rows)) await tx.insertInto('satisfaction_low').values(some).execute();
}

function* inParts<T>(all: readonly T[]): Generator<T[]> {
  for (let start = 0; start < all.length; start += ROWS_AT_ONCE) yield all.slice(start, start + ROWS_AT_ONCE);
}
