import { page, type Db, type Page } from '../../storage/index.ts';
import type { Filter } from './filter.ts';
import type { Part } from './parts.ts';
import { saidIn } from './said-rules.ts';
import { saidOf } from './said-store.ts';

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
  behind: Behind,
  filter: Filter,
  after: number,
  limit: number,
): Promise<Page<WordsRow>> {
  const { from, to } = filter.period;
  const answers = await saidOf(db, codeIds, behind, { from: from.slice(0, 7), to: to.slice(0, 7) });
  const some = saidIn(answers, filter, after).slice(0, limit + 1);
  const responses = await responsesOf(
    db,
    some.map(({ responseId }) => responseId),
  );
  const rows = some.flatMap(({ responseId, byEngine, random }): WordsRow[] => {
    const response = responses.get(responseId);
    return response ? [{ ...response, responseId, byEngine, random }] : [];
  });
  return page(rows, limit, (row) => String(row.random));
}

async function responsesOf(db: Db, ids: string[]) {
  if (ids.length === 0) return new Map<string, never>();
  const rows = await db
    .selectFrom('response as r')
    .innerJoin('satisfaction_response as s', 's.response_id', 'r.id')
    .innerJoin('customer as c', 'c.id', 'r.customer_id')
    .select(['r.id', 'r.customer_id as customerId', 'r.submitted_at as submittedAt', 'r.mode'])
    .select(['c.customer_since as customerSince', 's.score'])
    .where('r.id', 'in', ids)
    .execute();
  return new Map(rows.map(({ id, submittedAt, ...row }) => [id, { ...row, submittedAt: submittedAt ?? '' }]));
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
