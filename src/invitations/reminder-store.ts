import type { Db, Engine, Schema, Tx } from '../storage/index.ts';
import type { SentTo } from './store.ts';

type ReminderRow = Schema['reminder'];
export type ReminderState = ReminderRow['state'];

/** @returns nothing for those that exist already: one of each number for an invitation, whatever happens */
export async function insertReminders(tx: Tx, rows: ReminderRow[]): Promise<void> {
  if (rows.length === 0) return;
  await tx
    .insertInto('reminder')
    .values(rows)
    .onConflict((oc) => oc.columns(['invitation_id', 'number']).doNothing())
    .execute();
}

export async function somethingPlanned(db: Db, now: string): Promise<boolean> {
  const query = db.selectFrom('reminder').select('id').where('state', '=', 'planned').where('due_at', '<=', now);
  return (await query.limit(1).executeTakeFirst()) !== undefined;
}

/** The next that may be due, locked; another process gets others. */
export async function plannedReminders(tx: Tx, engine: Engine, now: string, limit: number): Promise<ReminderRow[]> {
  const due = tx
    .selectFrom('reminder')
    .selectAll()
    .where('state', '=', 'planned')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .orderBy('id')
    .limit(limit);
  return await (engine === 'postgres' ? due.forUpdate().skipLocked() : due).execute();
}

export async function findReminders(db: Db, ids: string[]): Promise<ReminderRow[]> {
  if (ids.length === 0) return [];
  return await db.selectFrom('reminder').selectAll().where('id', 'in', ids).execute();
}

export async function lastReminderSent(db: Db, customerIds: string[]): Promise<SentTo | undefined> {
  if (customerIds.length === 0) return undefined;
  return await db
    .selectFrom('reminder')
    .innerJoin('invitation', 'invitation.id', 'reminder.invitation_id')
    .select(['reminder.id as subjectId', 'invitation.customer_id as customerId', 'reminder.sent_at as sentAt'])
    .where('invitation.customer_id', 'in', customerIds)
    .where('reminder.state', '=', 'sent')
    .where('reminder.sent_at', 'is not', null)
    .orderBy('reminder.sent_at', 'desc')
    .limit(1)
    .$narrowType<{ sentAt: string }>()
    .executeTakeFirst();
}

export async function remindersOf(db: Db, invitationId: string): Promise<ReminderRow[]> {
  const query = db.selectFrom('reminder').selectAll().where('invitation_id', '=', invitationId);
  return await query.orderBy('number').execute();
}

/** By invitation, in their order. */
export async function remindersAmong(db: Db, invitationIds: string[]): Promise<Map<string, ReminderRow[]>> {
  if (invitationIds.length === 0) return new Map();
  const query = db.selectFrom('reminder').selectAll().where('invitation_id', 'in', invitationIds);
  return Map.groupBy(await query.orderBy('invitation_id').orderBy('number').execute(), (row) => row.invitation_id);
}

/** Ids of a customer's reminders that wait in the outbox. */
export async function queuedRemindersOf(db: Db, customerId: string, invitationId?: string): Promise<string[]> {
  const queued = db
    .selectFrom('reminder')
    .innerJoin('invitation', 'invitation.id', 'reminder.invitation_id')
    .select('reminder.id')
    .where('invitation.customer_id', '=', customerId)
    .where('reminder.state', '=', 'queued');
  const mine = invitationId === undefined ? queued : queued.where('invitation.id', '=', invitationId);
  const rows = await mine.execute();
  return rows.map(({ id }) => id);
}

export async function postponeReminders(tx: Tx, ids: string[], dueAt: string): Promise<void> {
  await tx
    .updateTable('reminder')
    .set({ due_at: dueAt })
    .where('id', 'in', ids)
    .where('state', '=', 'planned')
    .execute();
}

interface ReminderChange {
  state: ReminderState;
  reason?: string | null;
  sent_at?: string;
}

/** @returns those that stood in one of these states before */
export async function moveReminders(
  tx: Tx,
  ids: string[],
  from: ReminderState[],
  change: ReminderChange,
): Promise<ReminderRow[]> {
  if (ids.length === 0) return [];
  return await tx
    .updateTable('reminder')
    .set(change)
    .where('id', 'in', ids)
    .where('state', 'in', from)
    .returningAll()
    .execute();
}

export interface ReminderCount {
  state: ReminderState;
  reason: string | null;
  count: number;
}

export async function countReminders(db: Db, waveId: string): Promise<ReminderCount[]> {
  return await db
    .selectFrom('reminder')
    .select(['state', 'reason'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('wave_id', '=', waveId)
    .groupBy(['state', 'reason'])
    .execute();
}

/** Whether anybody of a wave is still to be reminded. */
export async function isReminding(db: Db, waveId: string): Promise<boolean> {
  const query = db.selectFrom('reminder').select('id').where('wave_id', '=', waveId);
  const found = await query.where('state', 'in', ['planned', 'queued', 'sending']).limit(1).executeTakeFirst();
  return found !== undefined;
}

export type RemindedInvitation = Pick<
  Schema['invitation'],
  | 'id'
  | 'wave_id'
  | 'customer_id'
  | 'language'
  | 'delivery'
  | 'progress'
  | 'sent_at'
  | 'bounced_at'
  | 'revoked_at'
  | 'expires_at'
>;

export async function remindedInvitations(db: Db, ids: string[]): Promise<Map<string, RemindedInvitation>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('invitation')
    .select([
      'id',
      'wave_id',
      'customer_id',
      'language',
      'delivery',
      'progress',
      'sent_at',
      'bounced_at',
      'revoked_at',
      'expires_at',
    ])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}
