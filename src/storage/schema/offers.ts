/** Offers, the conversation with those who have left, and next needs. */
export interface OffersTables {
  offer: OfferTable;
  offer_limit: {
    id: string;
    /** What a colleague may give by themselves, and what a manager may, by its cost to us. */
    staff_minor: number;
    manager_minor: number;
    changed_by: string | null;
    changed_at: string;
  };
  offer_given: OfferGivenTable;
  winback: WinbackTable;
  winback_case: WinbackCaseTable;
  winback_call: WinbackCallTable;
  winback_letter: WinbackLetterTable;
  next_need: NextNeedTable;
  next_need_nudge: NextNeedNudgeTable;
}

type Role = 'staff' | 'manager' | 'administrator';

interface OfferTable {
  id: string;
  /** By language: JSON. */
  name: string;
  kind: 'discount_percent' | 'discount_amount' | 'gift' | 'service' | 'upgrade' | 'token';
  /** Per cent, or minor units; null where it is no discount. */
  amount: number | null;
  /** What one costs us. */
  cost_minor: number;
  for_whom: 'everyone' | 'new' | 'loyal' | 'left';
  /** Keys of the reasons for leaving that it is for; none means any: JSON. */
  reasons: string;
  least_worth_minor: number;
  least_role: Role;
  /** To one customer within twelve months. */
  per_customer: number | null;
  /** To all within a calendar year. */
  per_year: number | null;
  /** To all, ever. */
  most: number | null;
  code_kind: 'none' | 'typed' | 'generated';
  code: string;
  valid_days: number;
  ends_on: string | null;
  /** How many there are, without those refused and taken back: the row that is locked when one is given. */
  given: number;
  revision: number;
  retired_at: string | null;
  created_by: string | null;
  created_at: string;
  updated_at: string;
}

interface OfferGivenTable {
  id: string;
  offer_id: string;
  customer_id: string;
  case_id: string | null;
  state: 'waiting' | 'refused' | 'given' | 'redeemed' | 'expired' | 'taken_back';
  code: string;
  code_generated: number;
  cost_minor: number;
  given_by: string | null;
  given_at: string;
  given_on: string;
  /** Who approved or refused it, where that was needed. */
  decided_by: string | null;
  decided_at: string | null;
  /** When they were last written to about it. */
  told_at: string | null;
  /** The last day. */
  valid_until: string;
  redeemed_on: string | null;
  purchase_id: string | null;
  ended_by: string | null;
  ended_at: string | null;
  ended_why: string;
}

/** Everybody who has left, as the queue needs them: kept up to date by the news of what it is made from. */
interface WinbackTable {
  customer_id: string;
  case_id: string | null;
  standing: 'case' | 'free' | 'later' | 'barred' | 'done' | 'returned';
  chance: number;
  worth_minor: number;
  left_on: string;
  reason_key: string;
  reason_source: string;
  /** Why nobody calls or writes, where `barred`. */
  why: string;
  call_at: string | null;
  /** The day on which time alone changes the chance. */
  changes_on: string;
  /** Their last purchase when it was said that they had left: only a later one means that they are back. */
  bought_until: string;
  /** Somebody has spoken to them, or written to win them back, since they left. */
  attempted: number;
}

interface WinbackCaseTable {
  case_id: string;
  customer_id: string;
  state: 'open' | 'won' | 'lost' | 'ended';
  /** As the last call found it. */
  reason_key: string;
  calls: number;
  call_at: string | null;
  claimed_by: string | null;
  claimed_at: string | null;
  claimed_until: string | null;
  /** What was typed during the call, by field: JSON. */
  draft: string;
  opened_at: string;
  /** The first time that somebody was reached, or a letter left. */
  attempted_at: string | null;
  settled_at: string | null;
  /** They said that they come back. */
  won_on: string | null;
  /** They bought again. */
  returned_on: string | null;
}

interface WinbackCallTable {
  id: string;
  case_id: string;
  customer_id: string;
  at: string;
  account_id: string | null;
  outcome: string;
  reason_key: string;
  said: string;
  promised: string;
  call_at: string | null;
  response_id: string | null;
}

interface WinbackLetterTable {
  id: string;
  case_id: string;
  customer_id: string;
  kind: 'ask' | 'reminder' | 'offer';
  state: 'planned' | 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  offer_given_id: string | null;
  language: string;
  apologises: number;
  sender_id: string | null;
  due_at: string;
  created_at: string;
  sent_at: string | null;
  reason: string;
}

interface NextNeedTable {
  customer_id: string;
  contact_account_id: string | null;
  gap_days: number;
  last_on: string;
  expected_on: string;
  ask_from: string;
  worth_minor: number;
  nudged: number;
  /** Whether it was told that its day has come. */
  noticed: number;
}

interface NextNeedNudgeTable {
  id: string;
  customer_id: string;
  /** The last purchase before it: once a cycle is enough. */
  cycle_on: string;
  account_id: string | null;
  at: string;
  note: string;
  bought_on: string | null;
  amount_minor: number | null;
}
