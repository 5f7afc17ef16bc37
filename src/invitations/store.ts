import { prepared, preparedRows, type Db, type Schema, type Tx } from '../storage/index.ts';
import { noteCounts } from './count-store.ts';
import type { OpenInvitation } from './invitation.ts';
import type { Delivery, Progress } from './wave.ts';

type InvitationRow = Schema['invitation'];

const ROWS_A_STATEMENT = 300;

const insertRows = preparedRows<InvitationRow>()((db, rows) =>
  db
    .insertInto('invitation')
    .values(rows)
    .onConflict((oc) => oc.columns(['wave_id', 'customer_id']).doNothing())
    .returning('id'),
);

/** @returns the rows that are really new: one for a customer in a wave, whatever happens */
export async function insertInvitations(tx: Tx, rows: InvitationRow[]): Promise<Set<string>> {
  const added = new Set<string>();
  for (let i = 0; i < rows.length; i += ROWS_A_STATEMENT) {
    const inserted = await insertRows(tx, rows.slice(i, i + ROWS_A_STATEMENT));
    for (const { id } of inserted.rows) added.add(id);
  }
  await noteCounts(
    tx,
    rows.map((row) => row.wave_id),
  );
  return added;
}

interface Opened extends Omit<
  InvitationRow,
  'skip_reason' | 'skip_until' | 'bounced_at' | 'reached_at' | 'sent_at' | 'created_at' | 'joined_id'
> {
  joined_id: string | null;
  programme_id: string;
  questionnaire_version_id: string;
  sender_name: string;
  sender_account_id: string | null;
  reply_to: string;
}

const findOpen = prepared<{ id: string }>()((db, p) =>
  db
    .selectFrom('invitation')
    .innerJoin('wave', 'wave.id', 'invitation.wave_id')
    .select([
      'invitation.id',
      'invitation.wave_id',
      'invitation.customer_id',
      'invitation.language',
      'invitation.delivery',
      'invitation.progress',
      'invitation.revoked_at',
      'invitation.expires_at',
      'invitation.joined_id',
      'wave.programme_id',
      'wave.questionnaire_version_id',
      'wave.sender_name',
      'wave.sender_account_id',
      'wave.reply_to',
    ])
    // A parameter of its own makes SQLite plan a join anew at every call; one behind a select does not.
    .where(
      'invitation.id',
      '=',
      db.selectNoFrom((is) => is.val(p.id).as('id')),
    ),
);

export async function findInvitation(db: Db, id: string): Promise<OpenInvitation | undefined> {
  const [row] = (await findOpen(db, { id })).rows as Opened[];
  return row && toOpen(row);
}

/** A customer's invitations that have not left yet. */
export async function waitingFor(
  db: Db,
  customerId: string,
): Promise<{ id: string; created_at: string; wave: string }[]> {
  return await db
    .selectFrom('invitation')
    .innerJoin('wave', 'wave.id', 'invitation.wave_id')
    .select(['invitation.id', 'invitation.created_at', 'wave.name as wave'])
    .where('invitation.customer_id', '=', customerId)
    .where('invitation.delivery', 'in', ['queued', 'sending'])
    .execute();
}

/** As `findInvitation`; where two records of one person were in the wave, the invitation that stands for both. */
export async function findStanding(db: Db, id: string): Promise<OpenInvitation | undefined> {
  const [row] = (await findOpen(db, { id })).rows as Opened[];
  if (!row || row.joined_id === null) return row && toOpen(row);
  const [found] = (await findOpen(db, { id: row.joined_id })).rows as Opened[];
  const standing = toOpen(found ?? row);
  return { ...standing, customerId: (await keptBehind(db, standing.customerId)) ?? standing.customerId };
}

/** The record that was kept where this one was merged into it. */
async function keptBehind(db: Db, customerId: string): Promise<string | null | undefined> {
  const row = await db.selectFrom('customer').select('merged_into_id').where('id', '=', customerId).executeTakeFirst();
  return row?.merged_into_id;
}

function toOpen(row: Opened): OpenInvitation {
  return {
    id: row.id,
    waveId: row.wave_id,
    customerId: row.customer_id,
    programmeId: row.programme_id,
    versionId: row.questionnaire_version_id,
    language: row.language,
    delivery: row.delivery,
    progress: row.progress,
    revokedAt: row.revoked_at,
    expiresAt: row.expires_at,
    senderName: row.sender_name,
    senderAccountId: row.sender_account_id,
    replyTo: row.reply_to,
  };
}

export type InvitationToWrite = Pick<
  InvitationRow,
  'id' | 'wave_id' | 'customer_id' | 'language' | 'progress' | 'revoked_at' | 'expires_at'
>;

export async function findInvitations(db: Db, ids: string[]): Promise<Map<string, InvitationToWrite>> {
  const rows = await db
    .selectFrom('invitation')
    .select(['id', 'wave_id', 'customer_id', 'language', 'progress', 'revoked_at', 'expires_at'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

const moveProgress = (from: Progress[], to: Progress) =>
  prepared<{ id: string }>()((db, p) =>
    db.updateTable('invitation').set({ progress: to }).where('id', '=', p.id).where('progress', 'in', from),
  );

/** Of an invitation whose link was taken back, nothing. */
export const markStarted = prepared<{ id: string }>()((db, p) =>
  db
    .updateTable('invitation')
    .set({ progress: 'started' })
    .where('id', '=', p.id)
    .where('progress', '=', 'none')
    .where('revoked_at', 'is', null),
);
export const markStartedThough = moveProgress(['none'], 'started');
export const markCompleted = moveProgress(['none', 'started', 'expired'], 'completed');
export const markOptedOut = moveProgress(['none', 'started', 'expired'], 'opted_out');

/** An invitation or a reminder that has been sent. */
export interface SentTo {
  subjectId: string;
  customerId: string;
  sentAt: string;
}

/** The invitation that went last to one of these customers. */
export async function lastSent(db: Db, customerIds: string[]): Promise<SentTo | undefined> {
  if (customerIds.length === 0) return undefined;
  return await db
    .selectFrom('invitation')
    .select(['id as subjectId', 'customer_id as customerId', 'sent_at as sentAt'])
    .where('customer_id', 'in', customerIds)
    .where('delivery', '=', 'sent')
    .where('sent_at', 'is not', null)
    .orderBy('sent_at', 'desc')
    .orderBy('id', 'desc')
    .limit(1)
    .$narrowType<{ sentAt: string }>()
    .executeTakeFirst();
}

/** @returns whose mail came back, where it had been sent and had not come back before */
export async function markBounced(tx: Tx, id: string, now: string): Promise<{ customer_id: string } | undefined> {
  const row = await tx
    .updateTable('invitation')
    .set({ bounced_at: now })
    .where('id', '=', id)
    .where('delivery', '=', 'sent')
    .where('bounced_at', 'is', null)
    .returning(['customer_id', 'wave_id'])
    .executeTakeFirst();
  if (row) await noteCounts(tx, [row.wave_id]);
  return row;
}

/** What has become of their mail. @returns whom these are for */
export async function setDelivery(
  tx: Tx,
  ids: string[],
  delivery: Delivery,
  sentAt: string | null,
): Promise<Pick<InvitationRow, 'id' | 'customer_id' | 'wave_id' | 'progress' | 'created_at'>[]> {
  const rows = await tx
    .updateTable('invitation')
    .set(sentAt === null ? { delivery } : { delivery, sent_at: sentAt })
    .where('id', 'in', ids)
    .returning(['id', 'customer_id', 'wave_id', 'progress', 'created_at'])
    .execute();
  await noteCounts(
    tx,
    rows.map((row) => row.wave_id),
  );
  return rows;
}

/** @returns whose link opens nothing any more, where it opened something */
export async function revokeInvitation(tx: Tx, waveId: string, id: string, now: string): Promise<string | undefined> {
  const row = await tx
    .updateTable('invitation')
    .set({ revoked_at: now })
    .where('id', '=', id)
    .where('wave_id', '=', waveId)
    .where('revoked_at', 'is', null)
    .where('delivery', 'not in', ['skipped', 'withheld'])
    .returning('customer_id')
    .executeTakeFirst();
  return row?.customer_id;
}

/** Some of a wave whose mail is in this state. */
export async function invitationsIn(db: Db, waveId: string, delivery: Delivery, limit: number): Promise<string[]> {
  const query = db.selectFrom('invitation').select('id').where('wave_id', '=', waveId).where('delivery', '=', delivery);
  return (await query.limit(limit).execute()).map(({ id }) => id);
}

/** The wave of each. */
export async function wavesOf(db: Db, ids: string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  return (await db.selectFrom('invitation').select('wave_id').where('id', 'in', ids).execute()).map(
    (row) => row.wave_id,
  );
}

export async function queuedInvitationsOf(db: Db, customerId: string): Promise<string[]> {
  const query = db.selectFrom('invitation').select('id').where('customer_id', '=', customerId);
  return (await query.where('delivery', '=', 'queued').execute()).map(({ id }) => id);
}

export async function customersWithInvitations(db: Db, customerIds: string[]): Promise<string[]> {
  if (customerIds.length === 0) return [];
  const query = db.selectFrom('invitation').select('customer_id').distinct().where('customer_id', 'in', customerIds);
  return (await query.execute()).map((row) => row.customer_id);
}
