import type { Engine, Schema, Db, Tx } from '../storage/index.ts';
import type { MailState } from './message.ts';

type MailRow = Schema['outgoing_mail'];

export interface Claimed {
  id: string;
  kind: string;
  subject_id: string;
  detail: string;
  attempts: number;
  message_id: string;
}

export interface Changed {
  id: string;
  kind: string;
  subject_id: string;
}

const ROWS_A_STATEMENT = 300;
const CHANGED = ['id', 'kind', 'subject_id'] as const;

export async function insertMails(tx: Tx, rows: MailRow[]): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
    await tx
      .insertInto('outgoing_mail')
      .values(rows.slice(i, i + ROWS_A_STATEMENT))
      .execute();
  }
}

export async function somethingIsDue(db: Db, now: string): Promise<boolean> {
  const query = db
    .selectFrom('outgoing_mail')
    .select('id')
    .where('state', '=', 'queued')
    .where('not_before', '<=', now);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** Takes the next mails; another process that claims at the same moment gets others. */
export async function claimMails(
  tx: Tx,
  engine: Engine,
  { claimer, now, limit }: { claimer: string; now: string; limit: number },
): Promise<Claimed[]> {
  const due = tx
    .selectFrom('outgoing_mail')
    .select('id')
    .where('state', '=', 'queued')
    .where('not_before', '<=', now)
    .orderBy('not_before')
    .orderBy('id')
    .limit(limit);
  const rows = await (engine === 'postgres' ? due.forUpdate().skipLocked() : due).execute();
  if (rows.length === 0) return [];
  return await tx
    .updateTable('outgoing_mail')
    .set({ state: 'sending', claimed_by: claimer, claimed_at: now })
    .where('id', 'in', ids(rows))
    .where('state', '=', 'queued')
    .returning([...CHANGED, 'detail', 'attempts', 'message_id'])
    .execute();
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
    .where('state', 'in', ['sending', 'unknown'])
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
    .where('state', '=', 'sending')
    .returning(CHANGED)
    .execute();
}

export async function cancelQueuedMails(tx: Tx, kind: string, subjectIds: string[], now: string): Promise<Changed[]> {
  if (subjectIds.length === 0) return [];
  return await tx
    .updateTable('outgoing_mail')
    .set({ state: 'cancelled', settled_at: now, last_error: 'withdrawn' })
    .where('subject_id', 'in', subjectIds)
    .where('kind', '=', kind)
    .where('state', '=', 'queued')
    .returning(CHANGED)
    .execute();
}

/** Mails that a process had under way when it died: nobody knows whether they arrived. */
export async function abandonMails(
  tx: Tx,
  { mine, now, livingAlso }: { mine: string; now: string; livingAlso: boolean },
): Promise<Changed[]> {
  const update = tx
    .updateTable('outgoing_mail')
    .set({ state: 'unknown', settled_at: now, last_error: 'interrupted' })
    .where('state', '=', 'sending')
    .where('claimed_by', '!=', mine);
  const dead = livingAlso
    ? update
    : update.where('claimed_by', 'not in', (eb) =>
        eb.selectFrom('lease').select('holder').where('name', 'like', 'mailer %').where('expires_at', '>', now),
      );
  return await dead.returning(CHANGED).execute();
}

export async function isAnythingSending(db: Db, exceptBy: string): Promise<boolean> {
  const query = db.selectFrom('outgoing_mail').select('id').where('state', '=', 'sending');
  return (await query.where('claimed_by', '!=', exceptBy).limit(1).executeTakeFirst()) !== undefined;
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

export async function countMails(db: Db, state: MailState): Promise<number> {
  const query = db.selectFrom('outgoing_mail').select((eb) => eb.fn.countAll<number>().as('count'));
  return (await query.where('state', '=', state).executeTakeFirstOrThrow()).count;
}

export async function renewLease(tx: Tx, holder: string, expiresAt: string): Promise<void> {
  await tx
    .insertInto('lease')
    .values({ name: leaseName(holder), holder, expires_at: expiresAt })
    .onConflict((oc) => oc.column('name').doUpdateSet({ expires_at: expiresAt }))
    .execute();
}

export async function endLease(tx: Tx, holder: string): Promise<void> {
  await tx.deleteFrom('lease').where('name', '=', leaseName(holder)).execute();
}

export async function deleteExpiredLeases(tx: Tx, now: string): Promise<void> {
  await tx.deleteFrom('lease').where('name', 'like', 'mailer %').where('expires_at', '<=', now).execute();
}

const leaseName = (holder: string) => `mailer ${holder}`;

const ids = (rows: { id: string }[]) => rows.map((row) => row.id);
