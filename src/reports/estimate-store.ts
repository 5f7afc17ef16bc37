import { sql } from 'kysely';
import type { Db } from '../storage/index.ts';
import type { LeaverFilter } from './covers-rules.ts';
import { matches } from './leaving-store.ts';
import type { Drawn, DrawnAnswer, Place } from './estimate.ts';
import { stratumOf } from './sums/leaver-rows-store.ts';

/** Those of a programme's answers that an audit has drawn and who left as the filter says; so few that they come as rows. */
export async function drawnIn(db: Db, programmeKey: string, filter: LeaverFilter): Promise<Drawn> {
  const rows = await drawn(db, programmeKey, filter)
    .leftJoin('main_chance as h', 'h.response_id', 't.response_id')
    .select(['t.response_id as id', 't.state', 't.blind', 't.inclusion', 'h.code_id', 'h.chance'])
    .select(['leaver.main_code_id', 'leaver.lost_minor', 'leaver.left_on', 'leaver.customer_id'])
    .select(['leaver.tenure_band', 'leaver.value_band'])
    .execute();
  const audited = new Map<string, DrawnAnswer>();
  const isChecked = ({ state, blind }: (typeof rows)[number]) => state === 'coded' && blind === 1;
  const waiting = new Map(rows.filter((row) => !isChecked(row)).map((row) => [row.id, placeOf(row)]));
  for (const row of rows) {
    const { id, inclusion, code_id: codeId, chance, main_code_id: mainId } = row;
    if (!isChecked(row) || inclusion === null || codeId === null || chance === null) continue;
    const answer = audited.get(id) ?? {
      codeId: mainId,
      chances: [],
      inclusion,
      lostMinor: row.lost_minor,
      ...placeOf(row),
    };
    answer.chances.push({ codeId, chance });
    audited.set(id, answer);
  }
  return { audited: [...audited.values()], waiting: [...waiting.values()] };
}

const placeOf = (row: { customer_id: string; left_on: string; tenure_band: string; value_band: string }): Place => ({
  customerId: row.customer_id,
  leftOn: row.left_on,
  stratum: stratumOf(row.tenure_band, row.value_band),
});

/** A response's number is that of its first question with words. */
function drawn(db: Db, programmeKey: string, filter: LeaverFilter) {
  return db
    .selectFrom('coding_task as t')
    .innerJoin('programme as p', 'p.id', 't.programme_id')
    .innerJoin('main_reason as r', 'r.response_id', 't.response_id')
    .innerJoin('leaver', (on) =>
      on.onRef('leaver.customer_id', '=', 'r.customer_id').onRef('leaver.response_id', '=', 't.response_id'),
    )
    .where('p.key', '=', programmeKey)
    .where(isFirst)
    .where(matches(filter))
    .where('t.inclusion', 'is not', null);
}

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
