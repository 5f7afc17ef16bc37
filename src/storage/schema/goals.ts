export interface GoalsTables {
  goal: GoalTable;
  goal_version: GoalVersionTable;
  goal_turn: GoalTurnTable;
  policy: PolicyTable;
  policy_version: PolicyVersionTable;
  retention_reading: { subject_id: string; account_id: string; number: number; read_at: string };
  policy_letter: PolicyLetterTable;
  policy_message: PolicyMessageTable;
}

interface GoalTable {
  id: string;
  /** What it is measured by; null where it is a matter of words. */
  measure: string | null;
  direction: 'up' | 'down' | null;
  /** How it stood when it was written: a share, or money in minor units. */
  start_value: number | null;
  start_low: number | null;
  start_high: number | null;
  start_base: number | null;
  /** A plain date. */
  started_on: string;
  /** Of the newest version. */
  number: number;
  /** The version from which on a confirmation counts. */
  asked: number;
  state: 'open' | 'reached' | 'given_up';
  ended_on: string | null;
  ended_by: string | null;
  end_words: string;
  /** How it stood when it ended. */
  end_value: number | null;
  created_at: string;
}

interface GoalVersionTable {
  goal_id: string;
  number: number;
  /** JSON by language: title and words. */
  texts: string;
  owner_id: string;
  due_on: string;
  target: number | null;
  asks: number;
  account_id: string | null;
  created_at: string;
}

/** A goal was closed, or taken up again. */
interface GoalTurnTable {
  goal_id: string;
  position: number;
  /** What it became. */
  state: 'open' | 'reached' | 'given_up';
  turned_on: string;
  words: string;
  /** How it stood when it was closed. */
  value: number | null;
  account_id: string | null;
}

interface PolicyTable {
  id: string;
  code_id: string;
  number: number;
  asked: number;
  withdrawn_on: string | null;
  withdrawn_by: string | null;
  created_at: string;
}

interface PolicyVersionTable {
  policy_id: string;
  number: number;
  /** JSON by language: what they said, and what we do. */
  texts: string;
  owner_id: string;
  in_force_on: string;
  asks: number;
  account_id: string | null;
  created_at: string;
}

interface PolicyLetterTable {
  id: string;
  policy_id: string;
  number: number;
  /** JSON by language: subject and body. */
  texts: string;
  account_id: string | null;
  created_at: string;
}

/** One to a customer for each policy, ever. */
interface PolicyMessageTable {
  id: string;
  policy_id: string;
  letter_id: string;
  customer_id: string;
  language: string;
  state: 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  /** Why it did not go; '' where it did. */
  reason: string;
  account_id: string | null;
  created_at: string;
  settled_at: string | null;
}
