import { expressionBuilder, type ExpressionBuilder } from 'kysely';
import { page, prepared, type Db, type Page, type Schema } from '../storage/index.ts';
import { FIELDS, NAMES, type LeaverFilter } from './covers-rules.ts';
import type { Knowledge } from './rules.ts';
import type { Code } from './estimate.ts';

/** Which rows of the leavers a filter means. */
export function matches(filter: LeaverFilter) {
  const { from, to } = filter;
  return (where: ExpressionBuilder<Schema, 'leaver'>) =>
    where.and([
      where('leaver.left_on', '>=', from),
      where('leaver.left_on', '<=', to),
      ...NAMES.flatMap((name) =>
        filter[name] === undefined ? [] : [where(`leaver.${FIELDS[name]}` as 'leaver.segment', '=', filter[name])],
      ),
    ]);
}

export interface NamedCode extends Code {
  name: Record<string, string>;
  description: Record<string, string>;
}

const readCodes = prepared<{ programmeKey: string }>()((db, p) =>
  db
    .selectFrom('code as c')
    .innerJoin('codebook as b', 'b.id', 'c.codebook_id')
    .innerJoin('programme as p', 'p.id', 'b.programme_id')
    .select(['c.id', 'c.key', 'c.parent_id', 'c.kind', 'c.position', 'c.retired_at', 'c.merged_into_id'])
    .select(['c.name', 'c.description'])
    .where('p.key', '=', p.programmeKey)
    .orderBy('c.position')
    .orderBy('c.key'),
);

type CodeRow = Awaited<ReturnType<typeof codeRows>>[number];

export async function codeRows(db: Db, programmeKey: string) {
  return (await readCodes(db, { programmeKey })).rows;
}

export const codesIn = (rows: CodeRow[]): NamedCode[] =>
  rows.map((row) => ({
    id: row.id,
    key: row.key,
    parentId: row.parent_id,
    kind: row.kind,
    position: row.position,
    retired: row.retired_at !== null,
    mergedIntoId: row.merged_into_id,
    name: JSON.parse(row.name) as Record<string, string>,
    description: JSON.parse(row.description) as Record<string, string>,
  }));

export async function codesOf(db: Db, programmeKey: string): Promise<NamedCode[]> {
  return codesIn(await codeRows(db, programmeKey));
}

export interface VerbatimRow {
  customer_id: string;
  response_id: string;
  submitted_at: string;
  mode: string;
  language: string;
  customer_since: string | null;
  lost_minor: number;
  left_on: string;
  random_number: number;
  stated_code_id: string | null;
  main_code_id: string | null;
  main_source: string | null;
  /** How likely the engine finds the main reason. */
  chance: number | null;
}

/** The answers behind a reason, in their permanent random order, from a point in it. */
export async function verbatims(
  db: Db,
  filter: LeaverFilter,
  codeIds: string[],
  after: number,
  limit: number,
): Promise<Page<VerbatimRow>> {
  const rows = await db
    .selectFrom(firstOfEach(filter, codeIds, after, limit + 1).as('found'))
    .innerJoin('leaver', 'leaver.customer_id', 'found.customer_id')
    .innerJoin('response as r', 'r.id', 'leaver.response_id')
    .innerJoin('customer as c', 'c.id', 'leaver.customer_id')
    .leftJoin('main_chance as h', (join) =>
      join.onRef('h.response_id', '=', 'r.id').onRef('h.code_id', '=', 'leaver.main_code_id'),
    )
    .select(['leaver.main_code_id', 'leaver.main_source', 'h.chance'])
    .select(['leaver.customer_id', 'r.id as response_id', 'r.submitted_at', 'r.mode', 'r.language', 'c.customer_since'])
    .select(['leaver.lost_minor', 'leaver.left_on', 'leaver.random_number', 'leaver.stated_code_id'])
    .orderBy('leaver.random_number')
    .limit(limit + 1)
    .execute();
  return page(rows as VerbatimRow[], limit, (row) => String(row.random_number));
}

/** The first of each code in the order of an index: of several codes at once, all would be read and put in order. */
function firstOfEach(filter: LeaverFilter, codeIds: string[], after: number, limit: number) {
  const db = expressionBuilder<Schema>();
  const ofCode = (codeId: string) =>
    db
      .selectFrom(
        db
          .selectFrom('leaver')
          .select('leaver.customer_id')
          .where('leaver.main_code_id', '=', codeId)
          .where('leaver.random_number', '>', after)
          .where(matches(filter))
          .orderBy('leaver.random_number')
          .limit(limit)
          .as('each'),
      )
      .select('each.customer_id');
  const [first = '', ...more] = codeIds;
  return more.reduce((all, codeId) => all.unionAll(ofCode(codeId)), ofCode(first));
}

export async function openAnswers(db: Db, responseIds: string[]) {
  if (responseIds.length === 0) return [];
  return await db
    .selectFrom('answer')
    .select(['response_id', 'question_key', 'verbatim', 'language'])
    .where('response_id', 'in', responseIds)
    .where('kind', '=', 'open')
    .orderBy('answered_at')
    .execute();
}

export async function codingsBehind(db: Db, responseIds: string[]) {
  if (responseIds.length === 0) return [];
  return await db
    .selectFrom('coding as g')
    .innerJoin('code as k', 'k.id', 'g.code_id')
    .leftJoin('account as a', 'a.id', 'g.account_id')
    .select(['g.response_id', 'g.code_id', 'g.coder_kind', 'g.is_main', 'a.name as coder', 'k.position'])
    .where('g.response_id', 'in', responseIds)
    .where('g.withdrawn_at', 'is', null)
    .orderBy('g.is_main', 'desc')
    .orderBy('k.position')
    .execute();
}

export async function leaverExists(db: Db, customerId: string): Promise<{ knowledge: Knowledge } | undefined> {
  return await db.selectFrom('leaver').select('knowledge').where('customer_id', '=', customerId).executeTakeFirst();
}
