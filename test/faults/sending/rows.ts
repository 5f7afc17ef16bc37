import Database from 'better-sqlite3';
import pg from 'pg';

type Row = Record<string, unknown>;

/** Looks into a database from outside, beside whoever uses it. */
export interface Rows {
  all<T = Row>(sql: string): Promise<T[]>;
  close(): Promise<void>;
}

export async function openRows(databaseUrl: string): Promise<Rows> {
  if (databaseUrl.startsWith('sqlite:')) {
    const db = new Database(databaseUrl.slice('sqlite:'.length), { readonly: true });
    db.pragma('busy_timeout = 5000');
    return { all: async <T>(sql: string) => db.prepare(sql).all() as T[], close: async () => void db.close() };
  }
  const client = new pg.Client(databaseUrl);
  client.on('error', () => {});
  await client.connect();
  return {
    all: async <T>(sql: string) => (await client.query(sql)).rows as T[],
    close: () => client.end(),
  };
}

/** A mail of the outbox, with whom it is for. */
export interface MailRow {
  id: string;
  kind: string;
  subjectId: string;
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  notBefore: string;
  attempts: number;
  claimedBy: string | null;
  claimedAt: string | null;
  messageId: string;
  lastError: string | null;
  reference: string;
  email: string;
  invitationId: string;
}

/** Every mail about the waves of this run, invitations and reminders. */
export async function mailsOf(rows: Rows, waveIds: string[]): Promise<MailRow[]> {
  return await rows.all<MailRow>(`
    select mail.id as id, mail.kind as kind, mail.subject_id as "subjectId", mail.state as state,
      mail.not_before as "notBefore", mail.attempts as attempts, mail.claimed_by as "claimedBy", mail.claimed_at as "claimedAt",
      mail.message_id as "messageId", mail.last_error as "lastError", customer.reference as reference,
      customer.email as email, invitation.id as "invitationId"
    from outgoing_mail mail
    left join reminder on reminder.id = mail.subject_id
    join invitation on invitation.id = coalesce(reminder.invitation_id, mail.subject_id)
    join customer on customer.id = invitation.customer_id
    where invitation.wave_id in (${waveIds.map((id) => `'${id}'`).join()})`);
}

/** An invitation of this run's waves. */
export interface InvitationRow {
  id: string;
  waveId: string;
  delivery: string;
  progress: string;
  skipReason: string | null;
  reference: string;
  email: string;
  released: string | null;
  counted: number;
}

export async function invitationsOf(rows: Rows, waveIds: string[]): Promise<InvitationRow[]> {
  return await rows.all<InvitationRow>(`
    select invitation.id as id, invitation.wave_id as "waveId", invitation.delivery as delivery,
      invitation.progress as progress, invitation.skip_reason as "skipReason", customer.reference as reference, customer.email as email,
      contact.released_at as released, case when contact.id is null then 0 else 1 end as counted
    from invitation join customer on customer.id = invitation.customer_id
    left join contact on contact.id = invitation.id
    where invitation.wave_id in (${waveIds.map((id) => `'${id}'`).join()})`);
}
