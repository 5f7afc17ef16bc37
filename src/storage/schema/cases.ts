export interface CasesTables {
  case_counter: { name: string; last: number };
  recovery_case: RecoveryCaseTable;
  case_step: CaseStepTable;
  case_event: CaseEventTable;
  case_remedy: CaseRemedyTable;
  case_tag: { case_id: string; tag: string };
  /** Whoever is away, up to and with that day. */
  colleague_absence: { account_id: string; until_on: string; set_by: string | null; set_at: string };
  /** JSON by key: what opens cases, how long steps may take, who may grant how much. */
  case_setting: { key: string; value: string; updated_at: string; revision: number };
}

interface RecoveryCaseTable {
  id: string;
  /** What people call it by. */
  number: number;
  kind: 'complaint' | 'win_back' | 'payment_difficulty' | 'return';
  state: 'open' | 'in_progress' | 'closed' | 'reopened';
  /** Null for somebody who is no customer of record: then the contact's fields say who. */
  customer_id: string | null;
  contact_name: string;
  contact_email: string;
  contact_telephone: string;
  origin: 'answer' | 'wish' | 'comment' | 'alert' | 'list' | 'hand' | 'invoice' | 'mail' | 'guarantee';
  origin_id: string | null;
  summary: string;
  words: string;
  language: string;
  owner_id: string | null;
  urgent: number;
  worth_minor: number;
  opened_at: string;
  opened_by: string | null;
  /** 1, and one more each time it was reopened. */
  round: number;
  next_step: string | null;
  next_due_at: string | null;
  /** We wait for the customer. */
  awaiting: number;
  /** What Today sorts by: when the next step is due, else when to look again. */
  look_at: string;
  snoozed_until: string | null;
  /** When managers were last told that something of it is late. */
  escalated_for: string | null;
  closed_at: string | null;
  closed_by: string | null;
  root_cause: string;
  action: string;
  outcome: string;
  /** Why the customer was not asked whether it is settled; '' where they were, or are to be. */
  no_question: string;
  asked_at: string | null;
  /** What the customer said: 'yes', or nothing in the time they had. "Not quite" reopens. */
  settled: 'yes' | 'silent' | null;
  settled_at: string | null;
  merged_into_id: string | null;
  revision: number;
  updated_at: string;
}

interface CaseStepTable {
  case_id: string;
  round: number;
  step: 'apologise' | 'act' | 'empathy' | 'make_good' | 'follow_up';
  position: number;
  due_at: string;
  state: 'open' | 'done' | 'skipped';
  /** What was said or done; why, where it was skipped. */
  said: string;
  channel: string;
  account_id: string | null;
  at: string | null;
}

interface CaseEventTable {
  id: string;
  case_id: string;
  at: string;
  kind: string;
  account_id: string | null;
  from_customer: number;
  words: string;
  detail: string;
}

interface CaseRemedyTable {
  id: string;
  case_id: string;
  kind: string;
  what: string;
  amount_minor: number;
  state: 'proposed' | 'approved' | 'declined' | 'given' | 'withdrawn';
  proposed_by: string | null;
  from_customer: number;
  proposed_at: string;
  decided_by: string | null;
  decided_at: string | null;
  reason: string;
  given_by: string | null;
  given_at: string | null;
}
