import { sql } from 'kysely';
import type { Db, Schema, Tx } from '../../storage/index.ts';

/** Written out, so that both engines see that an index of only these will do. */
const TO_SORT = sql.lit('to_sort' as const);
const EMPTY = sql.lit('');

export type CaseMailRow = Schema['case_mail'];
export type OutState = 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled' | 'bounced';

/** @returns whether it is new: a second click, or the same letter read again, changes nothing */
export async function insertMail(tx: Tx, row: CaseMailRow): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tx
    .insertInto('case_mail')
    .values(row)
    .onConflict((oc) => oc.column('fingerprint').doNothing())
    .executeTakeFirstOrThrow();
  return numInsertedOrUpdatedRows === 1n;
}

export async function findMail(db: Db, id: string): Promise<CaseMailRow | undefined> {
  return await db.selectFrom('case_mail').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The newest first. */
export async function mailsOfCases(db: Db, caseIds: string[], limit: number): Promise<CaseMailRow[]> {
  const query = db.selectFrom('case_mail').selectAll().where('case_id', 'in', caseIds);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

type FoundMail = Pick<CaseMailRow, 'id' | 'case_id' | 'subject' | 'words'>;

/** The newest first, of all cases, older than that one. */
export async function newestMails(db: Db, before: string | null, limit: number): Promise<FoundMail[]> {
  let query = db.selectFrom('case_mail').select(['id', 'case_id', 'subject', 'words']);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

/** The same letter by another way, such as a second copy: by its Message-ID, whose address, and what it says. */
export async function hasCopy(db: Db, row: CaseMailRow): Promise<boolean> {
  if (row.message_id === '') return false;
  const same = await db
    .selectFrom('case_mail')
    .select('id')
    .where('message_id', '=', row.message_id)
    .where('message_id', '<>', EMPTY)
    .where('address_key', '=', row.address_key)
    .where('words', '=', row.words)
    .limit(1)
    .executeTakeFirst();
  return same !== undefined;
}

/** The case of the newest letter to or from that address. */
export async function lastCaseOf(db: Db, addressKey: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('case_mail')
    .select('case_id')
    .where('address_key', '=', addressKey)
    .where('case_id', 'is not', null)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.case_id ?? undefined;
}

/** What came back stays what it is, whatever is heard of the sending afterwards. */
export async function setOutState(tx: Tx, ids: string[], state: OutState, error: string): Promise<void> {
  await tx
    .updateTable('case_mail')
    .set({ state, error })
    .where('id', 'in', ids)
    .where('direction', '=', 'out')
    .where('state', '!=', 'bounced')
    .execute();
}

/** Written out, so that both engines see that the partial index will do. */
export async function mailsToSort(db: Db, before: string | null, limit: number): Promise<CaseMailRow[]> {
  let query = db.selectFrom('case_mail').selectAll().where('state', '=', TO_SORT).orderBy('id', 'desc').limit(limit);
  if (before !== null) query = query.where('id', '<', before);
  return await query.execute();
}

/** Up to `atMost`. */
export async function countToSort(db: Db, atMost: number): Promise<number> {
  const query = db.selectFrom('case_mail').select('id').where('state', '=', TO_SORT).orderBy('id').limit(atMost);
  return (await query.execute()).length;
}

/** No answer is due any more to what they have written so far. @returns whether one was */
export async function markAnswered(tx: Tx, caseIds: string[], at: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('case_mail')
    .set({ answered_at: at })
    .where('case_id', 'in', caseIds)
    .where('direction', '=', 'in')
    .where('state', '=', 'received')
    .where('answered_at', 'is', null)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** @returns whether it was still to be sorted */
export async function sortMail(
  tx: Tx,
  id: string,
  change: { state: 'received' | 'set_aside'; case_id: string | null; account_id: string | null },
): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('case_mail')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'to_sort')
    .executeTakeFirstOrThrow();
  return numUpdatedRows === 1n;
}

const GONE = {
  name: '',
  address: '',
  address_key: '',
  message_id: '',
  subject: '',
  words: '',
  quoted: '',
  missing: '[]',
};

export async function forgetMailsById(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length > 0) await tx.updateTable('case_mail').set(GONE).where('id', 'in', ids).execute();
}

/** @returns the ids of those whose words are gone now */
export async function forgetMails(tx: Tx, customerIds: string[], caseIds: string[]): Promise<string[]> {
  const ids: string[] = [];
  for (const [column, owners] of [
    ['customer_id', customerIds],
    ['case_id', caseIds],
  ] as const) {
    if (owners.length === 0) continue;
    const gone = tx.updateTable('case_mail').set(GONE).where(column, 'in', owners).returning('id');
    ids.push(...(await gone.execute()).map(({ id }) => id));
  }
  return ids;
}
