import type { Generated } from 'kysely';

/**
 * The tables, as both engines hold them: text ids (UUIDv7), UTC timestamps and plain dates as text, 0/1 for yes and no,
 * money in minor units, JSON as text that is parsed by zod where it is read. The migrations say the same in SQL.
 */
export interface Schema {
  // accounts
  setting: { key: string; value: string; updated_at: string };
  account: AccountTable;
  account_link: AccountLinkTable;
  session: { sid_hash: string; account_id: string | null; data: string; seen_at: string; created_at: string };
  access_token: AccessTokenTable;
  audit_entry: AuditEntryTable;
  // customers
  customer: CustomerTable;
  customer_tag: { customer_id: string; tag: string };
  purchase: PurchaseTable;
  invoice: InvoiceTable;
  dealing: DealingTable;
  timeline_event: TimelineEventTable;
  import: ImportTable;
  import_file: { import_id: string; part: number; content: string };
  import_row: ImportRowTable;
  // questionnaires
  programme: { id: string; key: string; name: string; created_at: string };
  questionnaire: QuestionnaireTable;
  questionnaire_version: QuestionnaireVersionTable;
  text_approval: TextApprovalTable;
  // mailer
  outgoing_mail: OutgoingMailTable;
  captured_mail: CapturedMailTable;
  // scheduler
  lease: { name: string; holder: string; expires_at: string };
  // invitations
  wave: WaveTable;
  invitation: InvitationTable;
  // responses
  response: ResponseTable;
  answer: AnswerTable;
  answer_revision: AnswerRevisionTable;
  // coding
  codebook: { id: string; programme_id: string; revision: number; created_at: string };
  code: CodeTable;
  codebook_change: CodebookChangeTable;
  coding: CodingTable;
  coding_task: CodingTaskTable;
  main_reason: MainReasonTable;
  // reports
  leaver: LeaverTable;
}

interface AccountTable {
  id: string;
  email: string;
  email_key: string;
  name: string;
  title: string;
  role: 'staff' | 'manager' | 'administrator';
  language: string;
  password_hash: string | null;
  created_at: string;
  deactivated_at: string | null;
}

interface AccountLinkTable {
  token_hash: string;
  kind: 'setup' | 'invite' | 'reset';
  account_id: string | null;
  created_at: string;
  expires_at: string;
  used_at: string | null;
}

interface AccessTokenTable {
  id: string;
  name: string;
  role: 'staff' | 'manager' | 'administrator';
  token_hash: string;
  created_by: string | null;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

interface AuditEntryTable {
  id: string;
  at: string;
  actor_kind: 'account' | 'token' | 'system' | 'command';
  actor_id: string | null;
  action: string;
  subject_kind: string;
  subject_id: string | null;
  detail: string;
}

interface CustomerTable {
  id: string;
  reference: string;
  title: string;
  given_name: string;
  family_name: string;
  organisation: string;
  /** How to greet them: 'formal', 'familiar', or a greeting written out by a person. */
  greeting: string;
  email: string;
  email_key: string;
  telephone: string;
  street: string;
  postal_code: string;
  city: string;
  region: string;
  country: string;
  language: string;
  time_zone: string;
  customer_since: string | null;
  status: 'active' | 'left';
  left_on: string | null;
  segment: string;
  contact_account_id: string | null;
  /** Typed by a person, for customers without purchases. */
  yearly_value_minor: number | null;
  /** Spend in the twelve months before the last purchase, else the typed value: kept by the customers' store. */
  worth_minor: number;
  first_purchase_on: string | null;
  last_purchase_on: string | null;
  legal_basis: string;
  legal_basis_source: string;
  legal_basis_on: string | null;
  notes: string;
  /** Folded name, reference, e-mail, place and telephone: for the search box, and to sort by name. '' when erased. */
  search: string;
  revision: number;
  created_at: string;
  updated_at: string;
  unsubscribed_at: string | null;
  unsubscribed_how: string;
  erased_at: string | null;
}

interface PurchaseTable {
  id: string;
  customer_id: string;
  reference: string | null;
  purchased_on: string;
  amount_minor: number;
  item: string;
  import_id: string | null;
  created_at: string;
}

interface InvoiceTable {
  id: string;
  customer_id: string;
  number: string;
  issued_on: string | null;
  amount_minor: number;
  due_on: string | null;
  paid_on: string | null;
  import_id: string | null;
  created_at: string;
}

interface DealingTable {
  id: string;
  customer_id: string;
  kind: string;
  reference: string | null;
  from_on: string;
  to_on: string | null;
  note: string;
  import_id: string | null;
  created_at: string;
}

interface TimelineEventTable {
  id: string;
  customer_id: string;
  at: string;
  kind: string;
  account_id: string | null;
  subject_id: string | null;
  detail: string;
}

interface ImportTable {
  id: string;
  kind: 'customers' | 'purchases' | 'invoices' | 'dealings';
  filename: string;
  /** SHA-256 of the file: the same one a second time is told. */
  fingerprint: string;
  state: 'receiving' | 'reading' | 'checked' | 'importing' | 'done' | 'undoing' | 'undone' | 'failed' | 'discarded';
  /** Header, encoding, separator, mapping of columns, shared legal basis, file errors: JSON. */
  facts: string;
  rows_total: number;
  rows_bad: number;
  rows_new: number;
  rows_update: number;
  rows_same: number;
  /** How far the present stage is. */
  rows_done: number;
  /** Those that an undo left in. */
  rows_kept: number;
  created_by: string | null;
  created_at: string;
  finished_at: string | null;
  /** When its rows were deleted: they are kept for some days only. */
  forgotten_at: string | null;
}

interface ImportRowTable {
  import_id: string;
  row_number: number;
  state: 'new' | 'update' | 'same' | 'bad' | 'imported' | 'undone' | 'kept';
  /** The checked values, or the cells as they stood in a bad row: JSON. */
  data: string;
  errors: string;
  record_id: string | null;
  /** The record as it was before, and its revision after, so that an undo knows whether anyone changed it since. */
  before: string | null;
  revision_after: number | null;
}

interface QuestionnaireTable {
  id: string;
  programme_id: string;
  name: string;
  draft: string;
  draft_revision: number;
  created_at: string;
  updated_at: string;
  archived_at: string | null;
}

interface QuestionnaireVersionTable {
  id: string;
  questionnaire_id: string;
  number: number;
  definition: string;
  published_at: string;
  published_by: string | null;
}

interface TextApprovalTable {
  questionnaire_id: string;
  language: string;
  texts_hash: string;
  approved_at: string;
  approved_by: string | null;
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

interface WaveTable {
  id: string;
  programme_id: string;
  questionnaire_version_id: string;
  name: string;
  state: 'draft' | 'starting' | 'sending' | 'paused' | 'stopped' | 'finished';
  /** Filters of the audience: JSON. */
  audience: string;
  sender_account_id: string | null;
  sender_name: string;
  reply_to: string;
  /** Days until the personal links expire. */
  expires_days: number;
  created_by: string | null;
  created_at: string;
  started_by: string | null;
  started_at: string | null;
  /** Until then the wave can be stopped before anything is sent. */
  hold_until: string | null;
  /** The last customer whose invitation has been written, while the wave is starting. */
  enrolled_upto: string | null;
  stopped_at: string | null;
}

interface InvitationTable {
  id: string;
  wave_id: string;
  customer_id: string;
  language: string;
  delivery: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled' | 'skipped' | 'withheld';
  skip_reason: string | null;
  skip_until: string | null;
  progress: 'none' | 'started' | 'completed' | 'opted_out' | 'expired';
  bounced_at: string | null;
  sent_at: string | null;
  revoked_at: string | null;
  expires_at: string;
  created_at: string;
}

interface ResponseTable {
  id: string;
  invitation_id: string;
  customer_id: string;
  wave_id: string;
  programme_id: string;
  questionnaire_version_id: string;
  mode: 'email' | 'paper' | 'telephone' | 'web';
  language: string;
  state: 'partial' | 'complete';
  reference: string;
  contact_wish: 'phone' | 'mail' | 'no' | null;
  started_at: string;
  updated_at: string;
  submitted_at: string | null;
}

interface AnswerTable {
  response_id: string;
  /** The question's key; a probe's is 'KEY.probe', the reason that mattered most 'KEY.most'. */
  question_key: string;
  kind: 'open' | 'reasons' | 'most' | 'scale' | 'yesno' | 'skipped';
  /** The exact words of an open answer, or of "other". */
  verbatim: string | null;
  /** Ticked keys, number, yes or no: JSON. */
  value: string | null;
  language: string;
  mode: 'email' | 'paper' | 'telephone' | 'web';
  questionnaire_version_id: string;
  answered_at: string;
}

interface AnswerRevisionTable {
  id: string;
  response_id: string;
  question_key: string;
  kind: string;
  verbatim: string | null;
  value: string | null;
  language: string;
  answered_at: string;
  replaced_at: string;
}

interface CodeTable {
  id: string;
  codebook_id: string;
  key: string;
  parent_id: string | null;
  kind: 'reason' | 'other' | 'unknown';
  name: string;
  description: string;
  position: number;
  retired_at: string | null;
  /** Its answers went back to the desk, to be given one of the codes that took its place. */
  split_at: string | null;
  merged_into_id: string | null;
  created_at: string;
}

interface CodebookChangeTable {
  id: string;
  codebook_id: string;
  revision: number;
  kind: 'add' | 'rename' | 'move' | 'merge' | 'split' | 'retire' | 'restore';
  code_id: string | null;
  detail: string;
  account_id: string | null;
  at: string;
}

interface CodingTable {
  id: string;
  response_id: string;
  question_key: string;
  code_id: string;
  coder_kind: 'respondent' | 'colleague' | 'engine';
  account_id: string | null;
  is_main: number;
  probability: number | null;
  /** What one person gave in one go has one set, so that it can be undone as one. */
  set_id: string | null;
  created_at: string;
  withdrawn_at: string | null;
  /** The set, or the change of the codebook, that took its place. */
  withdrawn_by: string | null;
}

interface CodingTaskTable {
  response_id: string;
  question_key: string;
  programme_id: string;
  state: 'open' | 'coded';
  /** Permanent, uniform in 0 to 1, drawn when the answer arrives; audits take the lowest. */
  random_number: number;
  /** Rises with every coding, undoing and reopening: a desk that saves says which it saw. */
  revision: Generated<number>;
  /** When the words that stand now were given. */
  answered_at: string | null;
  skipped_at: string | null;
  coded_at: string | null;
  coded_by: string | null;
  created_at: string;
}

interface MainReasonTable {
  response_id: string;
  customer_id: string;
  programme_id: string;
  /** Colleague before engine before stated. */
  code_id: string | null;
  source: 'colleague' | 'engine' | 'respondent' | null;
  stated_code_id: string | null;
  updated_at: string;
}

interface LeaverTable {
  customer_id: string;
  left_on: string;
  lost_minor: number;
  knowledge: 'known' | 'withheld' | 'not_asked' | 'no_answer' | 'not_coded' | 'does_not_know';
  main_code_id: string | null;
  main_source: 'colleague' | 'engine' | 'respondent' | null;
  stated_code_id: string | null;
  response_id: string | null;
  submitted_at: string | null;
  segment: string;
  country: string;
  language: string;
  tenure_band: string;
  value_band: string;
}
