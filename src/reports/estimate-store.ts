import { sql, type NotNull } from 'kysely';
import { addDays } from '../shared/dates.ts';
import { prepared, preparedList, type Db } from '../storage/index.ts';
import type { Coverable, FIELDS, LeaverFilter } from './covers-rules.ts';
import { matches } from './leaving-store.ts';
import type { Chance, DrawnAnswer, Place } from './estimate.ts';
import type { Period } from './rules.ts';
import { stratumOf } from './sums/sums.ts';

const IDS_AT_ONCE = 256;

/** Who left and whose answer an audit has drawn; neither audited nor waiting is who was checked and never read. */
export interface DrawnLeaver extends Coverable {
  left_on: string;
  id: string;
  audited: DrawnAnswer | null;
  waiting: Place | null;
}

/** Longer than that, those who were drawn are fewer than those who left. */
const SHORT_DAYS = 31;

/** Those of a programme's answers that an audit has drawn, of customers who left then; so few that they come as rows. */
export async function drawnBetween(db: Db, programmeId: string, period: Period): Promise<DrawnLeaver[]> {
  const isShort = period.to <= addDays(period.from, SHORT_DAYS);
  const rows = await (isShort ? drawnAmongLeavers : leaversAmongDrawn)(db, programmeId, period);
  const isChecked = ({ state, blind }: (typeof rows)[number]) => state === 'coded' && blind === 1;
  const chances = await chancesOf(
    db,
    rows.filter(isChecked).map(({ id }) => id),
  );
  return rows.map((row): DrawnLeaver => {
    const { id, inclusion, main_code_id: codeId, lost_minor: lostMinor } = row;
    const own = isChecked(row) && inclusion !== null ? chances.get(id) : undefined;
    const audited = own ? { codeId, chances: own, inclusion: inclusion ?? 0, lostMinor, ...placeOf(row) } : null;
    const { left_on, segment, country, language, tenure_band, value_band } = row;
    const fields = { left_on, segment, country, language, tenure_band, value_band };
    return { id, audited, waiting: isChecked(row) ? null : placeOf(row), ...fields };
  });
}

const readAny = prepared<Period>()((db, p) =>
  db
    .selectFrom('leaver')
    .select('customer_id')
    .where('left_on', '>=', p.from)
    .where('left_on', '<=', p.to)
    .limit(sql.lit(1)),
);

/** Whether anybody left then: all time has whole centuries in which nobody did. */
export async function hasLeft(db: Db, period: Period): Promise<boolean> {
  return (await readAny(db, period)).rows.length > 0;
}

const readMark = prepared<{ programmeId: string }>()((db, p) =>
  db
    .selectFrom('coding_task')
    .select(({ fn }) => [fn.countAll<number>().as('drawn'), fn.sum<number>('inclusion').as('inclusion')])
    .select(({ fn }) => [fn.sum<number>('blind').as('blind')])
    .select(sql<number>`sum(case when state = 'coded' then 1 else 0 end)`.as('coded'))
    .where('programme_id', '=', p.programmeId)
    .where('inclusion', 'is not', null),
);

/** It is another whenever one more answer is drawn, or drawn more surely. */
export async function markOfDrawn(db: Db, programmeId: string): Promise<string> {
  const { rows } = await readMark(db, { programmeId });
  return JSON.stringify(rows);
}

const readChances = preparedList()((db, ids) =>
  db
    .selectFrom('main_chance')
    .select(['response_id as id', 'code_id as codeId', 'chance'])
    .where('response_id', 'in', ids),
);

async function chancesOf(db: Db, responseIds: string[]): Promise<Map<string, Chance[]>> {
  const found = new Map<string, Chance[]>();
  for (let start = 0; start < responseIds.length; start += IDS_AT_ONCE) {
    const { rows } = await readChances(db, responseIds.slice(start, start + IDS_AT_ONCE));
    for (const row of rows) {
      const known = found.get(row.id);
      if (known) known.push(row);
      else found.set(row.id, [row]);
    }
  }
  return found;
}

const placeOf = (row: { customer_id: string; left_on: string; tenure_band: string; value_band: string }): Place => ({
  customerId: row.customer_id,
  leftOn: row.left_on,
  stratum: stratumOf(row.tenure_band, row.value_band),
});

/**
 * Whose first answer was drawn, from two indexes that hold all that is asked. Each that was drawn is looked up among those who
 * left, never the other way round: a left join keeps to that order, and of ranges PostgreSQL cannot make a hash of everybody.
 */
async function leaversAmongDrawn(db: Db, programmeId: string, { from, to }: Period) {
  return await db
    .selectFrom('coding_task as t')
    .leftJoin('leaver', (on) =>
      on
        .onRef('leaver.response_id', '>=', 't.response_id')
        .onRef('leaver.response_id', '<=', 't.response_id')
        .onRef('leaver.first_question', '>=', 't.question_key')
        .onRef('leaver.first_question', '<=', 't.question_key'),
    )
    .select(['t.response_id as id', 't.state', 't.blind', 't.inclusion'])
    .select(['leaver.main_code_id', 'leaver.lost_minor', 'leaver.left_on', 'leaver.customer_id', 'leaver.segment'])
    .select(['leaver.country', 'leaver.language', 'leaver.tenure_band', 'leaver.value_band'])
    .where('t.programme_id', '=', programmeId)
    .where('t.inclusion', 'is not', null)
    // Asked plainly, the days would make it an inner join again.
    .where(sql<boolean>`case when leaver.left_on >= ${from} and leaver.left_on <= ${to} then 1 else 0 end = 1`)
    .orderBy('t.response_id')
    .$narrowType<DrawnColumns>()
    .execute();
}

/** The same the other way round: for days on which few left. */
async function drawnAmongLeavers(db: Db, programmeId: string, { from, to }: Period) {
  return await db
    .selectFrom('leaver')
    .leftJoin('coding_task as t', (on) =>
      on
        .onRef('t.response_id', '=', 'leaver.response_id')
        .onRef('t.question_key', '=', 'leaver.first_question')
        .on('t.programme_id', '=', programmeId)
        .on('t.inclusion', 'is not', null),
    )
    .select(['t.response_id as id', 't.state', 't.blind', 't.inclusion'])
    .select(['leaver.main_code_id', 'leaver.lost_minor', 'leaver.left_on', 'leaver.customer_id', 'leaver.segment'])
    .select(['leaver.country', 'leaver.language', 'leaver.tenure_band', 'leaver.value_band'])
    .where('leaver.left_on', '>=', from)
    .where('leaver.left_on', '<=', to)
    // Asked plainly, it would be an inner join, which may begin with all that were ever drawn.
    .where(sql<boolean>`coalesce(t.response_id, '') <> ''`)
    .$narrowType<DrawnColumns>()
    .execute();
}

type DrawnColumns = Record<
  'id' | 'state' | 'blind' | 'lost_minor' | 'left_on' | 'customer_id' | (typeof FIELDS)[keyof typeof FIELDS],
  NotNull
>;

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
