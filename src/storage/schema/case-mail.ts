/** Mail of cases, and files that came with it or with words of customers: written by recovery. */
export interface CaseMailTables {
  case_mail: CaseMailTable;
  attachment: AttachmentTable;
  attachment_content: { attachment_id: string; content: string };
}

interface CaseMailTable {
  id: string;
  /** Null for what nobody has sorted yet, or what was not for us. */
  case_id: string | null;
  direction: 'in' | 'out';
  /**
   * Ours: as the outbox says, and 'bounced' when it came back. Theirs: 'received' stands in a case, 'to_sort' waits for
   * a person, 'set_aside' was not for us.
   */
  state:
    | 'queued'
    | 'sending'
    | 'sent'
    | 'unknown'
    | 'failed'
    | 'cancelled'
    | 'bounced'
    | 'received'
    | 'to_sort'
    | 'set_aside';
  /** An SMTP status or a word of ours; '' where nothing is wrong. */
  error: string;
  at: string;
  /** Theirs: written by a machine. */
  automatic: number;
  /** Theirs: what the receiving server found out about the sender's address. */
  trust: 'sure' | 'unsure' | 'failed';
  /** Theirs: it came from another address than the customer's. */
  other_address: number;
  /** Theirs: as it came, without brackets; '' without one. Ours: '' (the outbox has it). */
  message_id: string;
  /** Ours: Message-IDs that this answers, with spaces between, the nearest last. */
  refs: string;
  /** The other side. */
  name: string;
  address: string;
  /** Keyed hash of the normalised address. */
  address_key: string;
  language: string;
  subject: string;
  /** What they wrote anew, and what they quoted below it. */
  words: string;
  quoted: string;
  /** JSON: files that were not kept, with a word for why. */
  missing: string;
  /** Theirs: since when no answer is due any more. */
  answered_at: string | null;
  /** Theirs: whose it seems to be, and the mail of ours that it answers. */
  customer_id: string | null;
  answers_kind: string;
  answers_id: string | null;
  /** Of what was read, so that a second reading is none; of the form, so that a second click is none. */
  fingerprint: string;
  /** Who wrote ours; who sorted theirs. */
  account_id: string | null;
}

interface AttachmentTable {
  id: string;
  case_id: string | null;
  mail_id: string | null;
  comment_id: string | null;
  name: string;
  type: string;
  /** Bytes. */
  size: number;
  /** SHA-256. */
  digest: string;
  /** Came from outside. */
  from_customer: number;
  created_at: string;
}
