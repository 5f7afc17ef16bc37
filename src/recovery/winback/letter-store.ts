import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';

export type LetterRow = Schema['winback_letter'];

const PLANNED = sql<boolean>`state = 'planned'`;

/** Whether it was added: of each kind one in a conversation. */
export async function insertLetter(tx: Tx, row: LetterRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('winback_letter')
    .values(row)
    .onConflict((on) => on.columns(['case_id', 'kind']).doNothing())
    .executeTakeFirstOrThrow();
  return Number(numInsertedOrUpdatedRows ?? 0n) === 1;
}

export async function findLetters(db: Db, ids: string[]): Promise<LetterRow[]> {
  return ids.length === 0 ? [] : await db.selectFrom('winback_letter').selectAll().where('id', 'in', ids).execute();
}

export async function lettersOf(db: Db, caseId: string): Promise<LetterRow[]> {
  const query = db.selectFrom('winback_letter').selectAll().where('case_id', '=', caseId);
  return await query.orderBy('created_at').orderBy('id').execute();
}

export async function moveLetter(
  tx: Tx,
  id: string,
  from: LetterRow['state'][],
  change: Partial<Pick<LetterRow, 'state' | 'sent_at' | 'reason'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('winback_letter')
    .set(change)
    .where('id', '=', id)
    .where('state', 'in', from)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export async function plannedLetters(db: Db, now: string, limit: number): Promise<LetterRow[]> {
  const query = db.selectFrom('winback_letter').selectAll().where(PLANNED).where('due_at', '<=', now);
  return await query.orderBy('due_at').orderBy('id').limit(limit).execute();
}

/** What has not left yet for these customers. */
export async function waitingFor(db: Db, customerIds: string[]): Promise<LetterRow[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('winback_letter').selectAll().where('customer_id', 'in', customerIds);
  return await query.where('state', 'in', ['planned', 'queued']).execute();
}

/** Whether they have said anything in that case since. */
export async function heardSince(db: Db, caseId: string, since: string): Promise<boolean> {
  const query = db.selectFrom('case_event').select('id').where('case_id', '=', caseId).where('from_customer', '=', 1);
  return (await query.where('at', '>', since).limit(1).executeTakeFirst()) !== undefined;
}
