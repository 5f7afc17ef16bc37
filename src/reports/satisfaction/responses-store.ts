import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import type { Chances, Counted, Words } from './parts.ts';

/** Where reading goes on. */
export interface At {
  day: string;
  responseId: string;
}

/** Responses of a day that follow each other, without the first and with the last. */
interface Slice {
  after: At;
  last: string;
}

/** The next responses of a day, with what they say. */
export async function responsesOn(db: Db, after: At, limit: number): Promise<Counted[]> {
  const rows = await db
    .selectFrom('satisfaction_response as s')
    .selectAll()
    .where(inSlice({ after, last: LAST }))
    .orderBy('s.response_id')
    .limit(limit)
    .execute();
  const end = rows.at(-1);
  if (!end) return [];
  const slice = { after, last: end.response_id };
  const words = await wordsIn(db, slice);
  const expected = await expectedBefore(db, slice);
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

/** Comes after each id. */
const LAST = 'z';

/** Which responses `s` a slice means: a range of the index of days. */
const inSlice = ({ after: { day, responseId }, last }: Slice) =>
  sql<boolean>`s.on_day = ${day} and s.response_id > ${responseId} and s.response_id <= ${last}`;

async function wordsIn(db: Db, slice: Slice): Promise<Map<string, Words[]>> {
  const tasks = await db
    .selectFrom('satisfaction_response as s')
    .innerJoin('coding_task as t', 't.response_id', 's.response_id')
    .leftJoin('engine_opinion as o', (on) =>
      on.onRef('o.response_id', '=', 't.response_id').onRef('o.question_key', '=', 't.question_key'),
    )
    .select([
      't.response_id',
      't.question_key',
      't.state',
      't.random_number',
      't.engine_turn',
      't.inclusion',
      't.blind',
    ])
    .select('o.chances')
    .where(inSlice(slice))
    .execute();
  const codings = await db
    .selectFrom('satisfaction_response as s')
    .innerJoin('coding as g', 'g.response_id', 's.response_id')
    .select(['g.response_id', 'g.question_key', 'g.code_id'])
    .where('g.coder_kind', '=', 'colleague')
    .where('g.withdrawn_at', 'is', null)
    .where(inSlice(slice))
    .execute();
  const given = Map.groupBy(codings, (row) => `${row.response_id} ${row.question_key}`);
  const words = Map.groupBy(tasks, (row) => row.response_id);
  return new Map(
    Array.from(words, ([responseId, rows]) => [
      responseId,
      rows.map((row) => wordsOf(row, given.get(`${responseId} ${row.question_key}`) ?? [])),
    ]),
  );
}

interface TaskRow {
  question_key: string;
  state: string;
  random_number: number;
  engine_turn: number;
  inclusion: number | null;
  blind: number;
  chances: string | null;
}

function wordsOf(row: TaskRow, codings: { code_id: string }[]): Words {
  const isCoded = row.state === 'coded';
  // Words that were changed are read again: until then nothing is known of them.
  const chances = row.chances === null || row.engine_turn === 0 ? null : chancesIn(row.chances);
  return {
    questionKey: row.question_key,
    random: row.random_number,
    codes: isCoded ? codings.map((each) => each.code_id) : null,
    chances,
    inclusion: isCoded && row.blind === 1 && chances ? row.inclusion : null,
  };
}

/** As the engine wrote them; checking each of them would cost more than all the rest. */
const chancesIn = (text: string): Chances => Object.entries(JSON.parse(text) as Record<string, number>);

/** What the same customer expected of the same dealing, where they were asked before it. */
async function expectedBefore(db: Db, slice: Slice): Promise<Map<string, number>> {
  const rows = await db
    .selectFrom('satisfaction_response as s')
    .innerJoin('response as r', 'r.id', 's.response_id')
    .innerJoin('wave as w', 'w.id', 'r.wave_id')
    .innerJoin('schedule_subject as d', (on) =>
      on.onRef('d.run_id', '=', 'w.schedule_run_id').onRef('d.customer_id', '=', 'r.customer_id'),
    )
    .innerJoin('schedule as c', (on) => on.on('c.moment', '=', 'before_dealing'))
    .innerJoin('schedule_subject as b', (on) =>
      on.onRef('b.schedule_id', '=', 'c.id').onRef('b.subject_key', '=', 'd.subject_key'),
    )
    .innerJoin('wave as v', 'v.schedule_run_id', 'b.run_id')
    .innerJoin('response as e', (on) => on.onRef('e.wave_id', '=', 'v.id').onRef('e.customer_id', '=', 'r.customer_id'))
    .innerJoin('satisfaction_response as x', 'x.response_id', 'e.id')
    .select(['s.response_id', 'x.score'])
    .where('s.part', '=', 'after')
    .where(inSlice(slice))
    .where('x.score', 'is not', null)
    .execute();
  return new Map(rows.flatMap(({ response_id: id, score }) => (score === null ? [] : [[id, score]])));
}
