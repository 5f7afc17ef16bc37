import { prepared, preparedList, type Db, type Schema, type Tx } from '../storage/index.ts';
import { chunks } from './store.ts';

const MOST_IDS = 500;
const ROWS_AT_ONCE = 300;
/** As likely as all other reasons together. */
const TOLD_FROM = 0.5;

/** How likely each code is the main reason of a response, by the code's id: together one. */
export interface MainChances {
  responseId: string;
  chances: Record<string, number>;
}

/** Puts these in place of whatever the engine said of the responses before. */
export async function replaceChances(tx: Tx, all: MainChances[]): Promise<void> {
  for (const some of chunks(all, MOST_IDS)) {
    const ids = some.map(({ responseId }) => responseId);
    await tx.deleteFrom('main_chance').where('response_id', 'in', ids).execute();
  }
  const rows = all.flatMap(({ responseId, chances }) =>
    Object.entries(chances).map(([codeId, chance]) => ({ response_id: responseId, code_id: codeId, chance })),
  );
  for (const some of chunks(rows, ROWS_AT_ONCE)) await tx.insertInto('main_chance').values(some).execute();
}

const readTold = prepared<{ responseId: string; least: number }>()((db, p) =>
  db
    .selectFrom('main_chance')
    .select(['response_id', 'code_id', 'chance'])
    .where('response_id', '=', p.responseId)
    .where('chance', '>=', p.least),
);

/** The main reasons of which the engine is as good as sure, with their chance, by response. */
export async function toldMains(
  db: Db,
  responseIds: string[],
): Promise<Map<string, { codeId: string; chance: number }>> {
  const [only = ''] = responseIds;
  const rows =
    responseIds.length === 1
      ? (await readTold(db, { responseId: only, least: TOLD_FROM })).rows
      : await db
          .selectFrom('main_chance')
          .select(['response_id', 'code_id', 'chance'])
          .where('response_id', 'in', responseIds)
          .where('chance', '>=', TOLD_FROM)
          .execute();
  // Of two that are equally likely the code that was made first.
  const inOrder = rows.toSorted((a, b) => (a.code_id < b.code_id ? 1 : -1));
  return new Map(inOrder.map((row) => [row.response_id, { codeId: row.code_id, chance: row.chance }]));
}

export type StandingMain = Pick<Schema['main_reason'], 'response_id' | 'code_id' | 'source' | 'stated_code_id'>;

/** The main reasons as they are written down. */
export async function standingMains(db: Db, responseIds: string[]): Promise<Map<string, StandingMain>> {
  const rows = await db
    .selectFrom('main_reason')
    .select(['response_id', 'code_id', 'source', 'stated_code_id'])
    .where('response_id', 'in', responseIds)
    .execute();
  return new Map(rows.map((row) => [row.response_id, row]));
}

// Put in order afterwards: an "order by" makes SQLite plan anew for each value.
const readMains = preparedList<{ programmeId: string }>()((db, ids, p) =>
  db
    .selectFrom('main_reason')
    .select(['customer_id', 'code_id', 'stated_code_id', 'source', 'updated_at', 'response_id'])
    .where('customer_id', 'in', ids)
    .where('programme_id', '=', p.programmeId),
);

/** Of each customer the main reason of the newest response in that programme that has one, coded or stated. */
export async function mainsOfCustomers(
  db: Db,
  programmeId: string,
  customerIds: string[],
): Promise<Map<string, { codeId: string; isStated: boolean }>> {
  const found = new Map<string, { codeId: string; isStated: boolean }>();
  for (const ids of chunks(customerIds, MOST_IDS)) {
    const { rows } = await readMains(db, ids, { programmeId });
    for (const row of rows.toSorted(byTime)) {
      const codeId = row.code_id ?? row.stated_code_id;
      const isStated = row.code_id === null || row.source === 'respondent';
      if (codeId !== null) found.set(row.customer_id, { codeId, isStated });
    }
  }
  return found;
}

type Timed = Pick<Schema['main_reason'], 'updated_at' | 'response_id'>;

const timeOf = ({ updated_at, response_id }: Timed): string => `${updated_at} ${response_id}`;
const byTime = (a: Timed, b: Timed): number => (timeOf(a) < timeOf(b) ? -1 : 1);

/** A main reason that the engine alone gave; it stands in no coding, since each model may give another. */
interface ToldMain {
  responseId: string;
  questionKey: string;
  codeId: string;
  chance: number;
  at: string;
}

export async function toldByEngine(db: Db, responseIds: string[]): Promise<ToldMain[]> {
  const found: ToldMain[] = [];
  for (const ids of chunks(responseIds, MOST_IDS)) {
    const rows = await db
      .selectFrom('main_reason as m')
      .innerJoin('coding_task as k', 'k.response_id', 'm.response_id')
      .select(({ fn }) => ['m.response_id', 'm.code_id', 'm.updated_at', fn.min('k.question_key').as('question_key')])
      .where('m.response_id', 'in', ids)
      .where('m.source', '=', 'engine')
      .groupBy(['m.response_id', 'm.code_id', 'm.updated_at'])
      .execute();
    const chances = rows.length > 0 ? await toldMains(db, ids) : new Map<string, never>();
    for (const { response_id: responseId, code_id: codeId, updated_at: at, question_key: questionKey } of rows) {
      const chance = chances.get(responseId)?.chance ?? 0;
      if (codeId !== null) found.push({ responseId, questionKey, codeId, chance, at });
    }
  }
  return found;
}
