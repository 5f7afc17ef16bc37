import { preparedRows, unindexed, type Db, type Engine, type Schema, type Tx } from '../storage/index.ts';
import type { Held, MailState } from './message.ts';
import { NOT_TRIED } from './rules.ts';

type MailRow = Schema['outgoing_mail'];

/** A mail that a process has under way. */
export interface Claimed {
  id: string;
  kind: string;
  subject_id: string;
  detail: string;
  attempts: number;
  message_id: string;
}

/** A mail whose state has changed. */
export interface Changed {
  id: string;
  kind: string;
  subject_id: string;
}

const ROWS_A_STATEMENT = 300;
export const CHANGED = ['id', 'kind', 'subject_id'] as const;

const insertRows = preparedRows<MailRow>()((db, rows) => db.insertInto('outgoing_mail').values(rows));

export async function insertMails(tx: Tx, rows: MailRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) await insertRows(tx, rows.slice(i, i + ROWS_A_STATEMENT));
}

export async function somethingIsDue(db: Db, now: string): Promise<boolean> {
  const query = db
    .selectFrom('outgoing_mail')
    .select('id')
    .where('state', '=', 'queued')
    .where('not_before', '<=', now);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** The next mails, locked; another process that asks at the same moment gets others. */
export async function dueMails(tx: Tx, engine: Engine, now: string, limit: number): Promise<Claimed[]> {
  const due = tx
    .selectFrom('outgoing_mail')
    .select([...CHANGED, 'detail', 'attempts', 'message_id'])
    .where('state', '=', 'queued')
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('id')
    .limit(limit);
  return await (engine === 'postgres' ? due.forUpdate().skipLocked() : due).execute();
}

export async function claimMails(tx: Tx, claimer: string, now: string, mailIds: string[]): Promise<void> {
  if (mailIds.length === 0) return;
  await tx
    .updateTable('outgoing_mail')
    .set({ state: 'sending', claimed_by: claimer, claimed_at: now })
    .where('id', 'in', mailIds)
    .where(unindexed('state'), '=', 'queued')
    .execute();
}

/** Nobody's turn comes after this. */
const PARKED = '9999-12-31T00:00:00.000Z';

/** Not now, as the last look said. @returns those that are withdrawn for good */
export async function holdMails(
  tx: Tx,
  held: Map<string, Held>,
  now: string,
): Promise<(Changed & { error: string })[]> {
  const cancelled: (Changed & { error: string })[] = [];
  for (const [key, group] of Map.groupBy(held, ([, why]) => JSON.stringify(why))) {
    const why = JSON.parse(key) as Held;
    const rows = await tx
      .updateTable('outgoing_mail')
      .set(changeOf(why, now))
      .where(
        'id',
        'in',
        group.map(([id]) => id),
      )
      .where(unindexed('state'), '=', 'queued')
      .returning(CHANGED)
      .execute();
    if ('cancel' in why) cancelled.push(...rows.map((row) => ({ ...row, error: why.cancel })));
  }
  return cancelled;
}

function changeOf(why: Held, now: string) {
  if ('cancel' in why) return { state: 'cancelled' as const, settled_at: now, last_error: why.cancel };
  return 'until' in why ? { not_before: why.until } : { not_before: PARKED, parked_for: why.parkedFor };
}

/** For whom mails are held back. */
export async function parkedFor(db: Db): Promise<string[]> {
  const query = db.selectFrom('outgoing_mail').select('parked_for').distinct().where('parked_for', 'is not', null);
  return (await query.execute()).map((row) => row.parked_for ?? '');
}

/** Lets some of those go again that were held back for somebody. @returns how many */
export async function unparkMails(tx: Tx, name: string, notBefore: string, limit: number): Promise<number> {
  const some = tx.selectFrom('outgoing_mail').select('id').where('parked_for', '=', name).limit(limit);
  const { numUpdatedRows } = await tx
    .updateTable('outgoing_mail')
    .set({ parked_for: null, not_before: notBefore })
    .where('id', 'in', some)
    .executeTakeFirstOrThrow();
  return Number(numUpdatedRows);
}

/** What those mails of a kind are about of which nobody knows whether they arrived. */
export async function unknownSubjects(db: Db, kind: string, limit: number): Promise<string[]> {
  const query = db.selectFrom('outgoing_mail').select('subject_id').where('state', '=', 'unknown');
  return (await query.where('kind', '=', kind).limit(limit).execute()).map((row) => row.subject_id);
}

/** All mails about these, the oldest first. */
export async function mailsAbout(db: Db, kind: string, subjectIds: string[]): Promise<MailRow[]> {
  if (subjectIds.length === 0) return [];
  const query = db.selectFrom('outgoing_mail').selectAll().where('subject_id', 'in', subjectIds);
  return await query.where('kind', '=', kind).orderBy('id').execute();
}

/** What has become of mails that this process had claimed. One found `unknown` by another may still learn its end. */
export async function settleMails(
  tx: Tx,
  claimer: string,
  mailIds: string[],
  change: { state: 'sent' | 'failed' | 'unknown' | 'cancelled'; error: string | null; tries: number; now: string },
): Promise<Changed[]> {
  return await tx
    .updateTable('outgoing_mail')
    .set((eb) => ({
      state: change.state,
      last_error: change.error,
      settled_at: change.now,
      attempts: eb('attempts', '+', change.tries),
    }))
    .where('id', 'in', mailIds)
    .where('claimed_by', '=', claimer)
    .where(unindexed('state'), 'in', ['sending', 'unknown'])
    .returning(CHANGED)
    .execute();
}

/** Certainly not sent: back into the queue. */
export async function requeueMails(
  tx: Tx,
  claimer: string,
  mailIds: string[],
  change: { error: string; tries: number; notBefore: string | null },
): Promise<Changed[]> {
  return await tx
    .updateTable('outgoing_mail')
    .set((eb) => ({
      state: 'queued' as const,
      last_error: change.error,
      claimed_by: null,
      claimed_at: null,
      attempts: eb('attempts', '+', change.tries),
      ...(change.notBefore === null ? {} : { not_before: change.notBefore }),
    }))
    .where('id', 'in', mailIds)
    .where('claimed_by', '=', claimer)
    .where(unindexed('state'), '=', 'sending')
    .returning(CHANGED)
    .execute();
}

/** Withdraws those that have not left yet. */
export async function cancelQueuedMails(tx: Tx, kind: string, subjectIds: string[], now: string): Promise<Changed[]> {
  if (subjectIds.length === 0) return [];
  return await tx
    .updateTable('outgoing_mail')
    .set({ state: 'cancelled', settled_at: now, last_error: 'withdrawn' })
    .where('subject_id', 'in', subjectIds)
    .where('kind', '=', kind)
    .where(unindexed('state'), '=', 'queued')
    .returning(CHANGED)
    .execute();
}

/** A person's decision about a mail whose fate is unknown. */
export async function decideUnknown(
  tx: Tx,
  { kind, subjectId, state, now }: { kind: string; subjectId: string; state: 'sent' | 'queued'; now: string },
): Promise<Changed[]> {
  const change =
    state === 'sent' ? { settled_at: now } : { settled_at: null, claimed_by: null, claimed_at: null, not_before: now };
  return await tx
    .updateTable('outgoing_mail')
    .set({ state, ...change })
    .where('subject_id', '=', subjectId)
    .where('kind', '=', kind)
    .where('state', '=', 'unknown')
    .returning(CHANGED)
    .execute();
}

/** Counted up to `most` only, and when the first of them is due. */
export async function waitingMails(
  db: Db,
  state: MailState,
  most: number,
): Promise<{ count: number; first: string | null }> {
  const some = db.selectFrom('outgoing_mail').select('not_before').where('state', '=', state);
  const row = await (db as Tx)
    .selectFrom(some.orderBy('not_before').orderBy('id').limit(most).as('some'))
    .select((is) => [is.fn.countAll<number>().as('count'), is.fn.min('not_before').as('first')])
    .executeTakeFirstOrThrow();
  return row;
}

/** So many of those whose turn it is are looked at: at least as many as two chunks hold. */
const FIRST_IN_TURN = 100;

/** Why the server took none of those whose turn it is, as far as it was tried: before any spoke of a message. */
export async function troubleOfDue(db: Db, now: string): Promise<string | null> {
  for (const state of ['sending', 'queued'] as const) {
    const due = db.selectFrom('outgoing_mail').selectAll().where('state', '=', state).where('not_before', '<=', now);
    const found = await (db as Tx)
      .selectFrom(due.orderBy('not_before').orderBy('id').limit(FIRST_IN_TURN).as('due'))
      .select('last_error')
      .where('attempts', '=', 0)
      .where('last_error', '!=', NOT_TRIED)
      .executeTakeFirst();
    if (found) return found.last_error;
  }
  return null;
}

export async function countMails(db: Db, state: MailState): Promise<number> {
  const query = db.selectFrom('outgoing_mail').select((eb) => eb.fn.countAll<number>().as('count'));
  return (await query.where('state', '=', state).executeTakeFirstOrThrow()).count;
}
