import { earlierThan, laterThan, type Db } from '../storage/index.ts';
import type { Response, StoredAnswer } from './response.ts';
import { toAnswer, toResponse } from './store.ts';

export interface ListFilter {
  programmeId?: string;
  waveId?: string;
  customerId?: string;
  /** Submitted at or after this moment (UTC). */
  from?: string;
  /** Submitted before this moment (UTC). */
  to?: string;
}

/** Complete responses in the order in which they arrived. The cursor is 'SUBMITTED_AT ID' of the last one seen. */
export async function listComplete(
  db: Db,
  { programmeId, waveId, customerId, from, to }: ListFilter,
  after: { submittedAt: string; id: string } | null,
  limit: number,
): Promise<Response[]> {
  let query = db.selectFrom('response').selectAll().where('submitted_at', 'is not', null);
  if (programmeId !== undefined) query = query.where('programme_id', '=', programmeId);
  if (waveId !== undefined) query = query.where('wave_id', '=', waveId);
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  if (from !== undefined) query = query.where('submitted_at', '>=', from);
  if (to !== undefined) query = query.where('submitted_at', '<', to);
  if (after) query = query.where(laterThan('submitted_at', 'id', { at: after.submittedAt, id: after.id }));
  const rows = await query.orderBy('submitted_at').orderBy('id').limit(limit).execute();
  return rows.map(toResponse);
}

const complete = (db: Db) => db.selectFrom('response').where('submitted_at', 'is not', null);

/** A customer's complete responses, the newest first. */
export async function newestComplete(db: Db, customerId: string, limit: number): Promise<Response[]> {
  const query = complete(db).selectAll().where('customer_id', '=', customerId);
  return (await query.orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(limit).execute()).map(toResponse);
}

/** Those of some responses that are complete, the newest first. */
export async function completeAmong(db: Db, ids: string[]): Promise<Response[]> {
  const query = complete(db).selectAll().where('id', 'in', ids);
  return (await query.orderBy('submitted_at', 'desc').orderBy('id', 'desc').execute()).map(toResponse);
}

/** A complete response, and what was written in it in own words. */
export interface Written {
  id: string;
  submittedAt: string;
  words: string[];
}

/** Everyone's, the newest first; `before` is the last one seen. At most 500. */
export async function newestWritten(db: Db, before: Written | null, limit: number): Promise<Written[]> {
  let query = complete(db).select(['id', 'submitted_at']);
  if (before) query = query.where(earlierThan('submitted_at', 'id', { at: before.submittedAt, id: before.id }));
  const newest = await query.orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  if (newest.length === 0) return [];
  const ids = newest.map(({ id }) => id);
  const answers = db.selectFrom('answer').select(['response_id', 'verbatim']).where('response_id', 'in', ids);
  const byResponse = Map.groupBy(await answers.where('kind', '=', 'open').execute(), (row) => row.response_id);
  return newest.map(({ id, submitted_at }) => ({
    id,
    submittedAt: submitted_at ?? '',
    words: (byResponse.get(id) ?? []).map(({ verbatim }) => verbatim ?? ''),
  }));
}

export async function responseById(db: Db, id: string): Promise<Response | undefined> {
  const row = await db.selectFrom('response').selectAll().where('id', '=', id).executeTakeFirst();
  return row && toResponse(row);
}

export async function responseByReference(db: Db, reference: string): Promise<Response | undefined> {
  const row = await db.selectFrom('response').selectAll().where('reference', '=', reference).executeTakeFirst();
  return row && toResponse(row);
}

/** The answers of at most 500 responses, by response id and page key. */
export async function answersOfSome(db: Db, ids: string[]): Promise<Map<string, Map<string, StoredAnswer>>> {
  const found = new Map(ids.map((id) => [id, new Map<string, StoredAnswer>()]));
  if (ids.length === 0) return found;
  const rows = await db.selectFrom('answer').selectAll().where('response_id', 'in', ids).execute();
  for (const row of rows) found.get(row.response_id)?.set(row.question_key, toAnswer(row));
  return found;
}
