import { earlierThan, type Db, type Moment, type Tx } from '../../storage/index.ts';
import type { AlertLinkRow, AlertRow, LedTo } from './alert.ts';

/** Puts whoever reports the same customer at the same moment in a queue. @returns the last case of that subject */
export async function enterQueue(
  tx: Tx,
  subjectKey: string,
  now: string,
): Promise<{ caseId: string | null; before: string }> {
  const fresh = { subject_key: subjectKey, case_id: null, alerted_at: now };
  const query = tx.insertInto('alert_subject').values(fresh);
  // Touching the row locks it until the end of the transaction.
  await query.onConflict((on) => on.column('subject_key').doUpdateSet({ subject_key: subjectKey })).execute();
  const row = await tx
    .selectFrom('alert_subject')
    .select(['case_id', 'alerted_at'])
    .where('subject_key', '=', subjectKey)
    .executeTakeFirstOrThrow();
  return { caseId: row.case_id, before: row.alerted_at };
}

export async function leaveQueue(tx: Tx, subjectKey: string, caseId: string, now: string): Promise<void> {
  const change = { case_id: caseId, alerted_at: now };
  await tx.updateTable('alert_subject').set(change).where('subject_key', '=', subjectKey).execute();
}

export async function insertAlert(tx: Tx, row: AlertRow): Promise<void> {
  await tx.insertInto('alert').values(row).execute();
}

export async function findAlerts(db: Db, ids: string[]): Promise<AlertRow[]> {
  if (ids.length === 0) return [];
  return await db.selectFrom('alert').selectAll().where('id', 'in', ids).execute();
}

const MOST_OF_CASE = 100;

/** The first alerts of a case, the oldest first. */
export async function alertsOfCase(db: Db, caseId: string): Promise<AlertRow[]> {
  return await alertsOfCases(db, [caseId]);
}

/** The same of several. */
export async function alertsOfCases(db: Db, caseIds: string[]): Promise<AlertRow[]> {
  return await db
    .selectFrom('alert')
    .selectAll()
    .where('case_id', 'in', caseIds)
    .orderBy('id')
    .limit(MOST_OF_CASE)
    .execute();
}

/** Somebody's own, the newest first. */
export async function alertsOfAccount(
  db: Db,
  accountId: string,
  before: string | null,
  limit: number,
): Promise<AlertRow[]> {
  let query = db.selectFrom('alert').selectAll().where('account_id', '=', accountId);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

export interface AlertFilter {
  customerId?: string | undefined;
  caseId?: string | undefined;
  /** Those that led somewhere, or those that have not yet. */
  credited?: boolean | undefined;
}

/** Everybody's, the newest first. */
export async function listAlerts(
  db: Db,
  filter: AlertFilter,
  before: string | null,
  limit: number,
): Promise<AlertRow[]> {
  const { customerId, caseId, credited } = filter;
  let query = db.selectFrom('alert').selectAll();
  if (customerId !== undefined) query = query.where('customer_id', '=', customerId);
  if (caseId !== undefined) query = query.where('case_id', '=', caseId);
  if (credited !== undefined) query = query.where('led_to', credited ? 'is not' : 'is', null);
  if (before !== null) query = query.where('id', '<', before);
  return await query.orderBy('id', 'desc').limit(limit).execute();
}

/** What was reported of somebody unknown is a customer's now. */
export async function nameCase(tx: Tx, caseIds: string[], customerId: string): Promise<void> {
  const query = tx.updateTable('alert').set({ customer_id: customerId }).where('case_id', 'in', caseIds);
  await query.where('customer_id', 'is', null).execute();
}

/** Thanks whoever reported it, where nobody has yet. @returns their alerts */
export async function creditCases(tx: Tx, caseIds: string[], ledTo: LedTo, at: string): Promise<AlertRow[]> {
  const query = tx.updateTable('alert').set({ led_to: ledTo, credited_at: at }).where('case_id', 'in', caseIds);
  return await query.where('led_to', 'is', null).returningAll().execute();
}

/** The same for all that was reported of a customer since then. */
export async function creditCustomer(
  tx: Tx,
  { customerId, since }: { customerId: string; since: string },
  ledTo: LedTo,
  at: string,
): Promise<AlertRow[]> {
  const query = tx.updateTable('alert').set({ led_to: ledTo, credited_at: at }).where('customer_id', '=', customerId);
  return await query.where('created_at', '>=', since).where('led_to', 'is', null).returningAll().execute();
}

/** Those that led somewhere between two moments, the latest first. */
export async function creditedBetween(
  db: Db,
  { from, to }: { from: string; to: string },
  before: Moment | null,
  limit: number,
): Promise<AlertRow[]> {
  let query = db.selectFrom('alert').selectAll().where('credited_at', '>=', from).where('credited_at', '<', to);
  if (before) query = query.where(earlierThan('credited_at', 'id', before));
  return await query.orderBy('credited_at', 'desc').orderBy('id', 'desc').limit(limit).execute();
}

export async function insertLink(tx: Tx, row: AlertLinkRow): Promise<void> {
  await tx.insertInto('alert_link').values(row).execute();
}

export async function findLink(db: Db, id: string): Promise<AlertLinkRow | undefined> {
  return await db.selectFrom('alert_link').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The link in use by that name. */
export async function findLinkNamed(db: Db, name: string): Promise<string | undefined> {
  const query = db.selectFrom('alert_link').select('id').where('name', '=', name).where('revoked_at', 'is', null);
  return (await query.executeTakeFirst())?.id;
}

const MOST_LINKS = 200;

/** Those in use first, then the others, the newest first. */
export async function listLinks(db: Db): Promise<AlertLinkRow[]> {
  const rows = await db.selectFrom('alert_link').selectAll().orderBy('id', 'desc').limit(MOST_LINKS).execute();
  return rows.toSorted((a, b) => Number(a.revoked_at !== null) - Number(b.revoked_at !== null));
}

/** @returns whether it was in use */
export async function revokeLink(tx: Tx, id: string, by: string | null, at: string): Promise<boolean> {
  const query = tx.updateTable('alert_link').set({ revoked_by: by, revoked_at: at }).where('id', '=', id);
  return (await query.where('revoked_at', 'is', null).executeTakeFirstOrThrow()).numUpdatedRows === 1n;
}
