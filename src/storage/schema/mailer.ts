export interface MailerTables {
  outgoing_mail: OutgoingMailTable;
  captured_mail: CapturedMailTable;
}

interface OutgoingMailTable {
  id: string;
  /** What composes the message: 'invitation', 'account', 'test'. */
  kind: string;
  /** The row that the message is about. */
  subject_id: string;
  /** What the composer needs beside the row, without personal data: JSON. */
  detail: string;
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  not_before: string;
  attempts: number;
  claimed_by: string | null;
  claimed_at: string | null;
  message_id: string;
  last_error: string | null;
  created_at: string;
  settled_at: string | null;
  /** Held back until whoever this names lets it go, for example a paused wave. */
  parked_for: string | null;
}

interface CapturedMailTable {
  id: string;
  mail_id: string;
  envelope_from: string;
  envelope_to: string;
  subject: string;
  headers: string;
  text: string;
  html: string;
  captured_at: string;
}
