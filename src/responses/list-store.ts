import type { Db } from '../storage/index.ts';
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
  if (after) {
    const { submittedAt, id } = after;
    // The first condition alone is what an index can seek by.
    query = query
      .where('submitted_at', '>=', submittedAt)
      .where((is) => is.or([is('submitted_at', '>', submittedAt), is('id', '>', id)]));
  }
  const rows = await query.orderBy('submitted_at').orderBy('id').limit(limit).execute();
  return rows.map(toResponse);
}

/** Complete responses, newest first, of a customer or of everyone; `before` is the last one seen. */
export async function newestComplete(
  db: Db,
  { customerId }: { customerId?: string },
  before: Response | null,
  limit: number,
): Promise<Response[]> {
  let query = db.selectFrom('response').selectAll().where('submitted_at', 'is not', null);
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  const at = before?.submittedAt ?? null;
  if (before && at !== null) {
    query = query
      .where('submitted_at', '<=', at)
      .where((is) => is.or([is('submitted_at', '<', at), is('id', '<', before.id)]));
  }
  const rows = await query.orderBy('submitted_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
  return rows.map(toResponse);
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
