/** Returned mail and suppression: written by the mailer. */
export interface BouncesTables {
  returned_mail: ReturnedMailTable;
  suppression: SuppressionTable;
  mail_hook: MailHookTable;
  mail_hook_token: MailHookTokenTable;
}

/** What is known about the reports that a mail service sends by itself. */
interface MailHookTable {
  provider: 'ses' | 'postmark' | 'mailgun';
  /** To the minute. */
  heard_at: string | null;
  /** The service asked whether we want its reports, and we said yes. */
  confirmed_at: string | null;
  /** It said that it sends no more. */
  ended_at: string | null;
}

/** One-time tokens of signed reports, as long as their signature would be taken. */
interface MailHookTokenTable {
  token_hash: string;
  /** Of what came with it: the same once more is a repetition, something else a forgery. */
  fingerprint: string;
  taken_at: string;
}

interface ReturnedMailTable {
  id: string;
  /** SHA-256 of what was read: the same message a second time is none. */
  fingerprint: string;
  way: 'mailbox' | 'interface' | 'command';
  received_at: string;
  kind: 'hard' | 'soft' | 'complaint' | 'auto-reply' | 'other';
  cause: string;
  status: string;
  /** It names a mail of ours as only somebody who has seen that mail can. */
  verified: number;
  mail_id: string | null;
  customer_id: string | null;
  /** Of the address that it is about, where that is certain. */
  address_key: string | null;
  /** These four only for what a person is to read; '' otherwise, and some time after they have. */
  recipient: string;
  sender: string;
  subject: string;
  content: string;
  /** Somebody should look at it. */
  to_read: number;
  /** The features hear of it when the mail's own fate has been written down. */
  waiting: number;
  done_at: string | null;
  done_by: string | null;
}

interface SuppressionTable {
  id: string;
  /** Keyed hash of the normalised address: it outlives erasure and says nothing without the secret. */
  address_key: string;
  kind: 'hard' | 'soft' | 'complaint' | 'person';
  since: string;
  /** The cause in a word. */
  how: string;
  /** 'returned ID', 'journal', or 'account ID'. */
  source: string;
  customer_id: string | null;
  /** What a colleague wrote who suppressed it by hand. */
  reason: string;
  lifted_at: string | null;
  lifted_by: string | null;
  lift_reason: string;
  /** 0 until it stands in the journal beside the secret. */
  noted: number;
}
