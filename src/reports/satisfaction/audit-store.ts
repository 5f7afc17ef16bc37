import { sql } from 'kysely';
import type { Db } from '../../storage/index.ts';
import { chosenIn, type Filter } from './filter.ts';

/** Responses that are drawn for an audit, and those of them with words that nobody has checked yet. */
export interface DrawnResponses {
  drawn: number;
  waiting: number;
}

/** By part, within a filter. What is drawn is little: its responses are looked up one by one, however many others there are. */
export async function drawnIn(
  db: Db,
  programmeId: string,
  { period, of }: Filter,
): Promise<Map<string, DrawnResponses>> {
  const fields = chosenIn(of).map(({ field, value }) => sql`and ${sql.ref(`s.${field}`)} = ${value}`);
  const partOfResponse = sql<string | null>`(select s.part from satisfaction_response as s
    where s.response_id = t.response_id and s.on_day >= ${period.from} and s.on_day <= ${period.to}
    ${sql.join(fields, sql` `)})`;
  const rows = await db
    .selectFrom((eb) =>
      eb
        .selectFrom('coding_task as t')
        .select(['t.response_id', 't.state', 't.blind', partOfResponse.as('part')])
        .where('t.programme_id', '=', programmeId)
        .where('t.inclusion', 'is not', null)
        .as('d'),
    )
    .select(({ fn }) => [
      'd.part',
      fn.count<number>('d.response_id').distinct().as('drawn'),
      sql<number>`count(distinct case when d.state = 'open' or d.blind = 0 then d.response_id end)`.as('waiting'),
    ])
    .groupBy('d.part')
    .execute();
  return new Map(
    rows.flatMap(({ part, drawn, waiting }) =>
      part === null ? [] : [[part, { drawn: Number(drawn), waiting: Number(waiting) }]],
    ),
  );
}

/**
 * The next of a programme's responses in the order of their permanent random numbers, with what an audit may cover them by;
 * a response's number is that of its first question with words.
 */
export async function byNumber(db: Db, programmeId: string, after: number, limit: number) {
  return await db
    .selectFrom('coding_task as t')
    .leftJoin('satisfaction_response as s', 's.response_id', 't.response_id')
    .select(['t.response_id as responseId', 't.random_number as random'])
    .select(['s.part', 's.on_day as day', 's.segment', 's.country', 's.language'])
    .where('t.programme_id', '=', programmeId)
    .where('t.random_number', '>', after)
    .where(isFirst)
    .orderBy('t.random_number')
    .limit(limit)
    .execute();
}

const isFirst = sql<boolean>`t.question_key = (
  select min(first.question_key) from coding_task as first where first.response_id = t.response_id)`;
