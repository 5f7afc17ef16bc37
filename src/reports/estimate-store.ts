import { sql } from 'kysely';
import type { Db } from '../storage/index.ts';
import type { LeaverFilter } from './covers-rules.ts';
import { matches } from './leaving-store.ts';
import type { Chance, Drawn, DrawnAnswer, Place } from './estimate.ts';
import { stratumOf } from './sums/leaver-rows-store.ts';

/** Those of a programme's answers that an audit has drawn and who left as the filter says; so few that they come as rows. */
export async function drawnIn(db: Db, programmeId: string, filter: LeaverFilter): Promise<Drawn> {
  const rows = await drawn(db, programmeId, filter)
    .innerJoin('coding_task as t', (on) =>
      on.onRef('t.response_id', '=', 'd.response_id').onRef('t.question_key', '=', 'd.question_key'),
    )
    .where(isFirst)
    .select(['t.response_id as id', 't.state', 't.blind', 't.inclusion'])
    .select(['leaver.main_code_id', 'leaver.lost_minor', 'leaver.left_on', 'leaver.customer_id'])
    .select(['leaver.tenure_band', 'leaver.value_band'])
    .execute();
  const isChecked = ({ state, blind }: (typeof rows)[number]) => state === 'coded' && blind === 1;
  const chances = rows.some(isChecked) ? await chancesOfDrawn(db, programmeId, filter) : new Map<string, never>();
  const audited = rows.flatMap((row): DrawnAnswer[] => {
    const { id, inclusion, main_code_id: codeId, lost_minor: lostMinor } = row;
    const own = chances.get(id);
    if (!isChecked(row) || inclusion === null || !own) return [];
    return [{ codeId, chances: own, inclusion, lostMinor, ...placeOf(row) }];
  });
  return { audited, waiting: rows.filter((row) => !isChecked(row)).map(placeOf) };
}

async function chancesOfDrawn(db: Db, programmeId: string, filter: LeaverFilter): Promise<Map<string, Chance[]>> {
  const rows = await drawn(db, programmeId, filter)
    .innerJoin('main_chance as h', 'h.response_id', 'd.response_id')
    .select(['h.response_id as id', 'h.code_id as codeId', 'h.chance'])
    .execute();
  return Map.groupBy(rows, ({ id }) => id);
}

const placeOf = (row: { customer_id: string; left_on: string; tenure_band: string; value_band: string }): Place => ({
  customerId: row.customer_id,
  leftOn: row.left_on,
  stratum: stratumOf(row.tenure_band, row.value_band),
});

/**
 * The responses of which something was drawn, with the first question of each, from an index that holds nothing else: what
 * leaves a filter is looked up no further.
 */
function drawn(db: Db, programmeId: string, filter: LeaverFilter) {
  return db
    .selectFrom((from) =>
      from
        .selectFrom('coding_task')
        .select(({ fn }) => ['response_id', fn.min('question_key').as('question_key')])
        .where('programme_id', '=', programmeId)
        .where('inclusion', 'is not', null)
        .groupBy('response_id')
        .as('d'),
    )
    .innerJoin('leaver', 'leaver.response_id', 'd.response_id')
    .where(matches(filter));
}

/** A response's number is that of its first question with words, drawn or not. */
const isFirst = sql<boolean>`t.question_key = (
  select min(first.question_key) from coding_task as first where first.response_id = t.response_id)`;

/**
 * The next of a programme's responses with words in the order of their permanent random numbers, with those who left among
 * their customers: part by part, since a whole programme at once would keep everybody waiting.
 */
export async function byNumber(db: Db, programmeId: string, after: number, limit: number) {
  return await db
    .selectFrom((from) =>
      from
        .selectFrom('coding_task as t')
        .select(['t.response_id', 't.random_number'])
        .where('t.programme_id', '=', programmeId)
        .where('t.random_number', '>', after)
        .where(isFirst)
        .orderBy('t.random_number')
        .limit(limit)
        .as('n'),
    )
    .innerJoin('main_reason as r', 'r.response_id', 'n.response_id')
    .leftJoin('leaver', (on) =>
      on.onRef('leaver.customer_id', '=', 'r.customer_id').onRef('leaver.response_id', '=', 'n.response_id'),
    )
    .select(['n.response_id as responseId', 'n.random_number as random'])
    .select(['leaver.left_on', 'leaver.segment', 'leaver.country', 'leaver.language'])
    .select(['leaver.tenure_band', 'leaver.value_band'])
    .orderBy('n.random_number')
    .execute();
}

/**
 * The lowest permanent random numbers among all who left as the filter says, read from them all: for those that are few among
 * the answers.
 */
export async function lowestAmong(db: Db, programmeId: string, filter: LeaverFilter, limit: number) {
  return await db
    .selectFrom('leaver')
    .innerJoin('coding_task as t', 't.response_id', 'leaver.response_id')
    .innerJoin('main_reason as r', (on) =>
      on.onRef('r.response_id', '=', 't.response_id').onRef('r.customer_id', '=', 'leaver.customer_id'),
    )
    .select(['t.response_id as responseId', 't.random_number as random'])
    .where(matches(filter))
    .where('t.programme_id', '=', programmeId)
    .where(isFirst)
    .orderBy('t.random_number')
    .limit(limit)
    .execute();
}

export async function programmeOf(db: Db, key: string): Promise<string | undefined> {
  return (await db.selectFrom('programme').select('id').where('key', '=', key).executeTakeFirst())?.id;
}
