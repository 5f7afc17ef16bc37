import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';

/** Written out, so that both engines see at once that an index of only these will do. */
const YES = sql.lit(1);
const EMPTY = sql.lit('');

export type ReturnedRow = Schema['returned_mail'];

/** @returns whether it is new: the same message a second time changes nothing */
export async function insertReturned(tx: Tx, row: ReturnedRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('returned_mail')
    .values(row)
    .onConflict((oc) => oc.column('fingerprint').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

/** The causes of soft bounces from an address, once for each mail of ours. */
export async function softBounces(
  db: Db,
  addressKey: string,
  since: string,
): Promise<{ mail_id: string | null; cause: string }[]> {
  return await db
    .selectFrom('returned_mail')
    .select(['mail_id', 'cause'])
    .distinct()
    .where('address_key', '=', addressKey)
    .where('kind', '=', 'soft')
    .where('received_at', '>=', since)
    .where('mail_id', 'is not', null)
    .execute();
}

export interface ReturnedFilter {
  /** What somebody should look at. */
  toRead?: boolean;
  kinds?: ReturnedRow['kind'][];
}

/** The newest first. Each kind is asked for by itself: together they would all have to be sorted. */
export async function listReturned(
  db: Db,
  { toRead, kinds = [] }: ReturnedFilter,
  before: string | null,
  limit: number,
): Promise<ReturnedRow[]> {
  let query = db.selectFrom('returned_mail').selectAll().orderBy('id', 'desc').limit(limit);
  if (before !== null) query = query.where('id', '<', before);
  if (toRead) query = query.where('to_read', '=', YES);
  if (kinds.length === 0) return await query.execute();
  const found = await Promise.all(kinds.map((kind) => query.where('kind', '=', kind).execute()));
  return found
    .flat()
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, limit);
}

/** Counted up to `atMost` only. */
export async function countToRead(db: Db, atMost: number): Promise<number> {
  const query = db.selectFrom('returned_mail').select('id').where('to_read', '=', YES).orderBy('id').limit(atMost);
  return (await query.execute()).length;
}

export type CameBack = Pick<ReturnedRow, 'kind' | 'cause'> & { mailId: string; at: string };

/** What came back of these mails to a customer, as kinds that say something of the mail or its recipient. */
export async function returnedOf(db: Db, customerId: string, mailIds: string[]): Promise<CameBack[]> {
  if (mailIds.length === 0) return [];
  return await db
    .selectFrom('returned_mail')
    .select(['mail_id as mailId', 'received_at as at', 'kind', 'cause'])
    .where('customer_id', '=', customerId)
    .where('mail_id', 'in', mailIds)
    .where('kind', 'in', ['hard', 'soft', 'complaint', 'auto-reply'])
    .$narrowType<{ mailId: string }>()
    .execute();
}

export async function findReturned(db: Db, id: string): Promise<ReturnedRow | undefined> {
  return await db.selectFrom('returned_mail').selectAll().where('id', '=', id).executeTakeFirst();
}

/** @returns whether it was still to be read */
export async function markDone(tx: Tx, id: string, now: string, accountId: string | null): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('returned_mail')
    .set({ to_read: 0, done_at: now, done_by: accountId })
    .where('id', '=', id)
    .where('to_read', '=', 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const NO_WORDS = { recipient: '', sender: '', subject: '', content: '' };

export async function hasOldWords(db: Db, doneBefore: string): Promise<boolean> {
  const query = db
    .selectFrom('returned_mail')
    .select('id')
    .where('done_at', '<', doneBefore)
    .where('content', '!=', EMPTY);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** Words of people go some time after somebody has dealt with them. @returns how many */
export async function forgetWords(tx: Tx, doneBefore: string): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('returned_mail')
    .set(NO_WORDS)
    .where('done_at', '<', doneBefore)
    .where('content', '!=', EMPTY)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

export async function forgetCustomerWords(tx: Tx, customerIds: string[]): Promise<void> {
  if (customerIds.length === 0) return;
  await tx
    .updateTable('returned_mail')
    .set({ ...NO_WORDS, customer_id: null, to_read: 0 })
    .where('customer_id', 'in', customerIds)
    .execute();
}

/** Those of which the features have not heard yet. */
export async function waitingReturned(db: Db, limit: number): Promise<ReturnedRow[]> {
  return await db
    .selectFrom('returned_mail')
    .selectAll()
    .where('waiting', '=', YES)
    .orderBy('id')
    .limit(limit)
    .execute();
}

export async function endWaiting(tx: Tx, id: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('returned_mail')
    .set({ waiting: 0 })
    .where('id', '=', id)
    .where('waiting', '=', 1)
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

export type NamedMail = Pick<Schema['outgoing_mail'], 'id' | 'kind' | 'subject_id' | 'state' | 'attempts'>;

/** A mail of ours, by its id or by its Message-ID. */
export async function namedMail(db: Db, by: { id: string } | { messageId: string }): Promise<NamedMail | undefined> {
  const query = db.selectFrom('outgoing_mail').select(['id', 'kind', 'subject_id', 'state', 'attempts']);
  return await (
    'id' in by ? query.where('id', '=', by.id) : query.where('message_id', '=', by.messageId)
  ).executeTakeFirst();
}

/** Mails of ours by their Message-IDs, in that order. */
export async function namedMails(db: Db, messageIds: string[]): Promise<NamedMail[]> {
  if (messageIds.length === 0) return [];
  const columns = ['id', 'kind', 'subject_id', 'state', 'attempts', 'message_id'] as const;
  const rows = await db.selectFrom('outgoing_mail').select(columns).where('message_id', 'in', messageIds).execute();
  return rows.toSorted((a, b) => messageIds.indexOf(a.message_id) - messageIds.indexOf(b.message_id));
}

/** The newest mail of that kind about that. */
export async function mailAbout(
  db: Db,
  { mailKind, subjectId }: { mailKind: string; subjectId: string },
): Promise<NamedMail | undefined> {
  return await db
    .selectFrom('outgoing_mail')
    .select(['id', 'kind', 'subject_id', 'state', 'attempts'])
    .where('kind', '=', mailKind)
    .where('subject_id', '=', subjectId)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
}
