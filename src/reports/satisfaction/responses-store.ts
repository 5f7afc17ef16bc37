import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import { chosenIn, type Filter } from './filter.ts';
import type { Kind } from './folding.ts';
import type { Counted, Words } from './parts.ts';

/** As the engine wrote them; checking each of them would cost more than all the rest of the page. */
const chancesIn = (text: string): Record<string, number> => JSON.parse(text) as Record<string, number>;

/** Where reading goes on. */
export interface At {
  day: string;
  responseId: string;
}

/** The next responses of some days; with what they say, unless scores alone are asked for. */
export async function responsesIn(
  db: Db,
  { period, of }: Filter,
  after: At | null,
  limit: number,
  kind: Kind = 'code',
): Promise<Counted[]> {
  let query = db
    .selectFrom('satisfaction_response')
    .selectAll()
    .where('on_day', '>=', period.from)
    .where('on_day', '<=', period.to);
  for (const { field, value } of chosenIn(of)) query = query.where(field, '=', value);
  if (after) query = query.where(sql<boolean>`(on_day, response_id) > (${after.day}, ${after.responseId})`);
  const rows = await query.orderBy('on_day').orderBy('response_id').limit(limit).execute();
  const words = await wordsOf(db, kind === 'code' ? rows.map((row) => row.response_id) : []);
  const expected = await expectedBefore(
    db,
    rows.filter(({ part }) => part === 'after').map((row) => row.response_id),
  );
  return rows.map((row) => ({
    responseId: row.response_id,
    day: row.on_day,
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
    chances: row.chances === null || row.engine_turn === 0 ? null : chancesIn(row.chances),
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
