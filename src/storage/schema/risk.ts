import type { KeptSettingTable } from './kept-setting.ts';

/** Who may be about to leave, and how good the flags of the past were. */
export interface RiskTables {
  customer_risk: CustomerRiskTable;
  risk_calm: RiskCalmTable;
  risk_flag: RiskFlagTable;
  /** Something about them has changed: to be looked at soon. */
  risk_due: { customer_id: string };
  /** The 80th percentile of the gaps between purchases in a segment; '' is everybody. */
  risk_rhythm: { segment: string; gap_days: number; gaps: number };
  /** JSON by key: how far the night's work is, and what the record says about the points. */
  risk_state: { key: string; value: string };
  risk_call: RiskCallTable;
  risk_setting: KeptSettingTable;
}

interface CustomerRiskTable {
  customer_id: string;
  /** `calm` where a colleague has said so for a while; `low` where the signs do not add up to a flag. */
  standing: 'flagged' | 'calm' | 'low';
  points: number;
  score: number;
  /** The highest step that this flag has reached, for the record; 0 without one. */
  level: number;
  /** Keys and values, never words: JSON. */
  reasons: string;
  silence: number;
  alive: number;
  complaint: number;
  answer: number;
  overdue: number;
  alert: number;
  worth_minor: number;
  worth_at_risk_minor: number;
  segment: string;
  contact_account_id: string | null;
  flagged_at: string | null;
  computed_at: string;
}

interface RiskCalmTable {
  id: string;
  customer_id: string;
  /** The last day on which it holds. */
  until_on: string;
  why: string;
  /** The signs that were known then: another one raises the flag again. */
  kinds: string;
  set_by: string | null;
  set_at: string;
  ended_by: string | null;
  ended_at: string | null;
}

interface RiskFlagTable {
  id: string;
  customer_id: string;
  flagged_on: string;
  /** 0 where a standing flag has become stronger. */
  first: number;
  /** Worked out later, from what was dated before that day. */
  looked_back: number;
  points: number;
  score: number;
  outcome: 'open' | 'left' | 'bought' | 'silent';
  decided_on: string | null;
}

interface RiskCallTable {
  id: string;
  customer_id: string;
  state: 'open' | 'done';
  outcome: string | null;
  worth_minor: number;
  worth_at_risk_minor: number;
  /** Why they were put on the list, as keys and values: JSON. */
  reasons: string;
  /** '' where it is the business's. */
  time_zone: string;
  /** '' where it is the business's. */
  country: string;
  /** Not to be called before; '' at any time. */
  not_before: string;
  /** They were promised a call at that time. */
  appointment: number;
  tries: number;
  claimed_by: string | null;
  claimed_at: string | null;
  claimed_until: string | null;
  /** What was typed during the call, by field: JSON. */
  draft: string;
  /** Their words, as the colleague wrote them down; '' where they said nothing. */
  said: string;
  /** The complaint that came of it. */
  case_id: string | null;
  asked_by: string | null;
  created_at: string;
  settled_at: string | null;
}
