import { page, type Db, type Page } from '../../storage/index.ts';
import { chosenIn, type Filter } from './filter.ts';
import type { Part } from './parts.ts';

/** A theme, and where it was spoken of. */
export interface Behind {
  codeId: string;
  part: Part;
  questionKey: string;
}

export interface WordsRow {
  responseId: string;
  customerId: string;
  submittedAt: string;
  mode: string;
  customerSince: string | null;
  score: number | null;
  /** The engine's chance; null where a colleague gave the code. */
  byEngine: number | null;
  random: number;
}

/** Answers behind a theme in their permanent random order, from a point in it. */
export async function wordsBehind(
  db: Db,
  codeIds: string[],
  { part, questionKey }: Behind,
  { period, of }: Filter,
  after: number,
  limit: number,
): Promise<Page<WordsRow>> {
  let query = db
    .selectFrom('satisfaction_theme as t')
    .innerJoin('satisfaction_response as s', 's.response_id', 't.response_id')
    .innerJoin('response as r', 'r.id', 't.response_id')
    .innerJoin('customer as c', 'c.id', 'r.customer_id')
    .select(['t.response_id as responseId', 'r.customer_id as customerId', 'r.submitted_at as submittedAt', 'r.mode'])
    .select(['c.customer_since as customerSince', 's.score', 't.by_engine as byEngine', 't.random_number as random'])
    .where('t.code_id', 'in', codeIds)
    .where('t.part', '=', part)
    .where('t.question_key', '=', questionKey)
    .where('t.random_number', '>', after)
    .where('s.on_day', '>=', period.from)
    .where('s.on_day', '<=', period.to);
  for (const { field, value } of chosenIn(of)) query = query.where(`s.${field}`, '=', value);
  const rows = await query
    .orderBy('t.random_number')
    .orderBy('t.response_id')
    .limit(limit + 1)
    .execute();
  return page(
    rows.map((row) => ({ ...row, submittedAt: row.submittedAt ?? '' })),
    limit,
    (row) => String(row.random),
  );
}

/** Whether this customer is among those whose answers are counted. */
export async function hasSpoken(db: Db, customerId: string): Promise<boolean> {
  const found = await db
    .selectFrom('response as r')
    .innerJoin('satisfaction_response as s', 's.response_id', 'r.id')
    .select('r.id')
    .where('r.customer_id', '=', customerId)
    .limit(1)
    .executeTakeFirst();
  return found !== undefined;
}
