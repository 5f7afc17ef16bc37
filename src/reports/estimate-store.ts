import { sql } from 'kysely';
import type { Db } from '../storage/index.ts';
import type { LeaverFilter } from './covers-rules.ts';
import { matches } from './leaving-store.ts';
import type { AuditedAnswer, Chance } from './estimate.ts';

/** By code the sum of its chances among the answers that the engine has read, and of chance times worth. */
export async function chancesIn(db: Db, filter: LeaverFilter): Promise<(Chance & { minor: number })[]> {
  const rows = await db
    .selectFrom('leaver')
    .innerJoin('main_chance as h', 'h.response_id', 'leaver.response_id')
    .select('h.code_id as codeId')
    .select(({ fn, eb }) => [
      fn.sum<number>('h.chance').as('chance'),
      fn.sum<number>(eb('h.chance', '*', eb.ref('leaver.lost_minor'))).as('minor'),
    ])
    .where(matches(filter))
    .where((where) => where.or([where('main_source', 'is', null), where('main_source', '<>', 'respondent')]))
    .groupBy('h.code_id')
    .execute();
  return rows.map(({ codeId, chance, minor }) => ({ codeId, chance: Number(chance), minor: Number(minor) }));
}

/** Whether anybody in the filter answered what the engine alone has read. Whoever coded one without a main reason has spoken. */
export async function anyUncoded(db: Db, filter: LeaverFilter): Promise<boolean> {
  const found = await db
    .selectFrom('leaver')
    .select('leaver.response_id')
    .where(matches(filter))
    .where((where) => where.or([where('knowledge', '=', 'not_coded'), where('main_source', '=', 'engine')]))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('coding_task as t')
            .select('t.response_id')
            .whereRef('t.response_id', '=', 'leaver.response_id')
            .where('t.state', '=', 'coded'),
        ),
      ),
    )
    .where(({ exists, selectFrom }) =>
      exists(selectFrom('main_chance as h').select('h.code_id').whereRef('h.response_id', '=', 'leaver.response_id')),
    )
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}

/** Those of a programme's answers that an audit has drawn and who left as the filter says; so few that they come as rows. */
export async function drawnIn(
  db: Db,
  programmeKey: string,
  filter: LeaverFilter,
): Promise<{ audited: AuditedAnswer[]; waiting: number }> {
  const rows = await drawn(db, programmeKey, filter)
    .leftJoin('main_chance as h', 'h.response_id', 't.response_id')
    .select(['t.response_id as id', 't.state', 't.blind', 't.inclusion', 'h.code_id', 'h.chance'])
    .select(['leaver.main_code_id', 'leaver.lost_minor'])
    .execute();
  const audited = new Map<string, AuditedAnswer>();
  const isChecked = ({ state, blind }: (typeof rows)[number]) => state === 'coded' && blind === 1;
  const waiting = new Set(rows.filter((row) => !isChecked(row)).map(({ id }) => id));
  for (const row of rows) {
    const { id, inclusion, code_id: codeId, chance, main_code_id: mainId } = row;
    if (!isChecked(row) || inclusion === null || codeId === null || chance === null) continue;
    const answer = audited.get(id) ?? { codeId: mainId, chances: [], inclusion, lostMinor: row.lost_minor };
    answer.chances.push({ codeId, chance });
    audited.set(id, answer);
  }
  return { audited: [...audited.values()], waiting: waiting.size };
}

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
