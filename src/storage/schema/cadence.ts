/** Reminders, the contact budget, holdouts and recurring waves: all written by the invitations feature. */
export interface CadenceTables {
  reminder: ReminderTable;
  contact: ContactTable;
  /** Days from one sequence to the next; the newest row is the one in force. */
  contact_budget: { id: string; days: number; changed_by: string | null; changed_at: string };
  holdout_share: HoldoutShareTable;
  holdout_draw: HoldoutDrawTable;
  schedule: ScheduleTable;
  schedule_run: ScheduleRunTable;
  schedule_subject: ScheduleSubjectTable;
}

interface ReminderTable {
  id: string;
  invitation_id: string;
  wave_id: string;
  /** 1 or 2. */
  number: number;
  state: 'planned' | 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  /** Why it was not sent. */
  reason: string | null;
  due_at: string;
  sent_at: string | null;
  created_at: string;
}

interface ContactTable {
  /** What was sent: an invitation, a card, a letter. */
  id: string;
  /** Contacts of one sequence count once. */
  sequence_id: string;
  customer_id: string;
  /** Keyed hash of the normalised address: it outlives the customer's erasure. */
  address_key: string | null;
  kind: string;
  /** What it counts against. */
  allowance: string;
  at: string;
  /** It was never sent, so it does not count. */
  released_at: string | null;
}

interface HoldoutShareTable {
  id: string;
  programme_id: string;
  /** Percent, 0 to 50; the newest row of a programme is the one in force. */
  share: number;
  changed_by: string | null;
  changed_at: string;
}

interface HoldoutDrawTable {
  programme_id: string;
  customer_id: string;
  held_out: number;
  /** In percent, as it was when the draw was made. */
  share: number;
  /** Uniform in 0 to 100: below the share is held out. */
  number: number;
  drawn_at: string;
}

interface ScheduleTable {
  id: string;
  name: string;
  moment: 'rolling' | 'after_purchase' | 'before_dealing' | 'during_dealing' | 'after_dealing' | 'after_leaving';
  questionnaire_id: string;
  /** Filters of the audience: JSON. */
  audience: string;
  sender_account_id: string;
  reply_to: string;
  expires_days: number;
  /** JSON. */
  reminder_days: string;
  /** Of a rolling one: every so many months, one of so many parts of the customers. */
  every_months: number | null;
  parts: number | null;
  /** Of the others: so many days before, into or after. */
  days: number | null;
  /** Kinds of dealings, any where empty: JSON. */
  dealing_kinds: string;
  /** Minutes since midnight in the business's time zone. */
  at_minutes: number;
  start_on: string;
  /** Days before this one are no business of it: it was made, or resumed, on it. */
  active_from: string;
  state: 'on' | 'paused';
  created_by: string | null;
  created_at: string;
  changed_at: string;
}

interface ScheduleRunTable {
  id: string;
  schedule_id: string;
  /** Schedule and day: one run for each, whatever happens. */
  run_key: string;
  run_on: string;
  /** `asks`: a person has to decide; `passed`: a day whose subjects a later run that asks has taken over. */
  state: 'started' | 'nobody' | 'asks' | 'skipped' | 'passed';
  /** Why a person is asked: 'late', 'sender', 'questionnaire'. */
  asks: string | null;
  decided_by: string | null;
  decided_at: string | null;
  created_at: string;
}

interface ScheduleSubjectTable {
  schedule_id: string;
  /** The purchase, the dealing, or who left when. */
  subject_key: string;
  customer_id: string;
  run_id: string;
  /** What the contact budget counts as one: a dealing, asked about before, during and after. */
  sequence_id: string;
}
