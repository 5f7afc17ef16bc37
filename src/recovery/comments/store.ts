import type { ExpressionBuilder } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';
import { COMMENT_KINDS, type ClaimRow, type CommentKind, type CommentRow } from './comment.ts';

/** @returns false where that form was sent before, or the reference is taken */
export async function insertComment(tx: Tx, row: CommentRow): Promise<boolean> {
  const added = await tx
    .insertInto('public_comment')
    .values(row)
    .onConflict((on) => on.doNothing())
    .returning('id')
    .execute();
  return added.length === 1;
}

export async function findComment(db: Db, id: string): Promise<CommentRow | undefined> {
  return await db.selectFrom('public_comment').selectAll().where('id', '=', id).executeTakeFirst();
}

export async function commentOfForm(db: Db, formKey: string): Promise<CommentRow | undefined> {
  return await db.selectFrom('public_comment').selectAll().where('form_key', '=', formKey).executeTakeFirst();
}

export async function commentByReference(db: Db, reference: string): Promise<CommentRow | undefined> {
  return await db.selectFrom('public_comment').selectAll().where('reference', '=', reference).executeTakeFirst();
}

export async function commentOfCase(db: Db, caseId: string): Promise<CommentRow | undefined> {
  return await db.selectFrom('public_comment').selectAll().where('case_id', '=', caseId).executeTakeFirst();
}

/** How often these words came since then; counted up to `atMost` only. */
export async function countWords(db: Db, wordsKey: string, since: string, atMost: number): Promise<number> {
  const query = db.selectFrom('public_comment').select('id').where('words_key', '=', wordsKey);
  return (await query.where('created_at', '>=', since).limit(atMost).execute()).length;
}

export interface ListOptions {
  /** Only what waits to be looked at, and what is a case that is open. */
  open?: boolean | undefined;
  state?: CommentRow['state'] | undefined;
  kind?: CommentKind | undefined;
  customerId?: string | undefined;
  /** The id that the last page ended with. */
  before: string | null;
  limit: number;
}

/** The newest first. */
export async function listComments(db: Db, { open, state, ...which }: ListOptions): Promise<CommentRow[]> {
  const all = db.selectFrom('public_comment').selectAll();
  const query = open ? all.where('id', 'in', newestOpen(db, which)) : all.where(isAmong(which));
  const those = state ? query.where('state', '=', state) : query;
  return await those.orderBy('id', 'desc').limit(which.limit).execute();
}

type Which = Pick<ListOptions, 'kind' | 'customerId' | 'before' | 'limit'>;

const isAmong =
  ({ kind, customerId, before }: Which) =>
  (is: ExpressionBuilder<Schema, 'public_comment'>) =>
    is.and([
      ...(customerId === undefined ? [] : [is('public_comment.customer_id', '=', customerId)]),
      ...(kind ? [is('public_comment.kind', '=', kind)] : []),
      ...(before === null ? [] : [is('public_comment.id', '<', before)]),
    ]);

/** The newest of either sort are the newest of both: nothing else is looked at. */
function newestOpen(db: Db, which: Which) {
  const held = db.selectFrom('public_comment').where('state', '=', 'held');
  const waiting = held.select('id').where(isAmong(which)).orderBy('id', 'desc').limit(which.limit).as('waiting');
  const ofCases = ofOpenCases(db)
    .select('public_comment.id')
    .where(isAmong(which))
    .orderBy('public_comment.id', 'desc')
    .limit(which.limit)
    .as('of_cases');
  return db.selectFrom(waiting).select('id').union(db.selectFrom(ofCases).select('id'));
}

/** How many there are in that state of each kind; each counted up to `atMost` only. */
export async function countComments(db: Db, state: CommentRow['state'], atMost: number) {
  const counts = COMMENT_KINDS.map(async (kind) => {
    const some = db.selectFrom('public_comment').select('id').where('state', '=', state).where('kind', '=', kind);
    const query = db.selectFrom(some.limit(atMost).as('some')).select((is) => is.fn.countAll<number>().as('count'));
    return { state, kind, count: Number((await query.executeTakeFirstOrThrow()).count) };
  });
  return await Promise.all(counts);
}

/** Found from the cases, of which few are open at any time. */
const ofOpenCases = (db: Db) =>
  db
    .selectFrom('recovery_case')
    // SQLite takes the tables of a cross join in their order.
    .crossJoin('public_comment')
    .whereRef('public_comment.case_id', '=', 'recovery_case.id')
    .where('recovery_case.closed_at', 'is', null);

/** Of each kind, those whose case is open; all together counted up to `atMost` only. */
export async function countOfOpenCases(db: Db, atMost: number): Promise<Map<CommentKind, number>> {
  const some = ofOpenCases(db).select('public_comment.kind').limit(atMost).as('some');
  const query = db.selectFrom(some).select('kind').groupBy('kind');
  const rows = await query.select((is) => is.fn.countAll<number>().as('count')).execute();
  return new Map(rows.map(({ kind, count }) => [kind, Number(count)]));
}

/** @returns whether it was in that state */
export async function changeComment(
  tx: Tx,
  id: string,
  from: CommentRow['state'][],
  change: Partial<CommentRow>,
): Promise<boolean> {
  const query = tx.updateTable('public_comment').set(change).where('id', '=', id).where('state', 'in', from);
  return (await query.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

/** @returns whether the customer was that one, or none, until now */
export async function setCustomer(
  tx: Tx,
  id: string,
  from: string | null,
  change: Pick<CommentRow, 'customer_id'>,
): Promise<boolean> {
  const query = tx.updateTable('public_comment').set(change).where('id', '=', id);
  const expected = from === null ? query.where('customer_id', 'is', null) : query.where('customer_id', '=', from);
  return (await expected.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

export async function insertClaim(tx: Tx, commentId: string, caseId: string): Promise<void> {
  const undecided = { words: '', amount_minor: null, decided_by: null, decided_at: null };
  const row: ClaimRow = { comment_id: commentId, case_id: caseId, state: 'open', ...undecided };
  await tx.insertInto('guarantee_claim').values(row).execute();
}

export async function findClaim(db: Db, commentId: string): Promise<ClaimRow | undefined> {
  return await db.selectFrom('guarantee_claim').selectAll().where('comment_id', '=', commentId).executeTakeFirst();
}

/** @returns whether nobody had decided it */
export async function decideClaim(tx: Tx, commentId: string, decision: Partial<ClaimRow>): Promise<boolean> {
  const query = tx.updateTable('guarantee_claim').set(decision).where('comment_id', '=', commentId);
  return (await query.where('state', '=', 'open').executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}

type SettingRow = Schema['comment_setting'];

export async function findSettings(db: Db, id: string): Promise<SettingRow | undefined> {
  return await db.selectFrom('comment_setting').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @returns whether nobody had saved others since that revision; 0: since the beginning */
export async function saveSettings(tx: Tx, row: SettingRow, from: number): Promise<boolean> {
  if (from === 0) {
    const added = await tx
      .insertInto('comment_setting')
      .values(row)
      .onConflict((on) => on.doNothing())
      .returning('id')
      .execute();
    return added.length === 1;
  }
  const { id, ...change } = row;
  const query = tx.updateTable('comment_setting').set(change).where('id', '=', id).where('revision', '=', from);
  return (await query.executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}
