import type { KeptSettingTable } from './kept-setting.ts';

/** Small attentions: cards on anniversaries, and what trust allows to ask. */
export interface AttentionsTables {
  anniversary_setting: KeptSettingTable;
  /** 'MM-DD' and the whole day since when they are a customer. */
  anniversary_day: { customer_id: string; month_day: string; since: string };
  greeting: GreetingTable;
  greeting_way: { customer_id: string; way: 'post' | 'mail'; account_id: string | null; at: string };
  contentment: { customer_id: string; response_id: string; score: number; said_at: string };
  trust_ask: TrustAskTable;
  trust_refusal: { customer_id: string; since: string; how: string };
  referral: ReferralTable;
  trust_reference: ReferenceTable;
  trust_use: ReferenceUseTable;
}

/** One a year at most: the year in which the anniversary falls. */
interface GreetingTable {
  id: string;
  customer_id: string;
  year: number;
  years: number;
  on_day: string;
  way: 'mail' | 'post';
  state: 'queued' | 'sent' | 'unknown' | 'failed' | 'cancelled' | 'to_write' | 'written' | 'left_out';
  language: string;
  /** What comes with it, in their language; '' for a card alone. */
  reward: string;
  /** An offer of the catalogue that comes with it. */
  offer_given_id: string | null;
  created_at: string;
  settled_at: string | null;
  account_id: string | null;
  reason: string;
}

interface TrustAskTable {
  id: string;
  customer_id: string;
  /** For a referral or as a reference; or whether they would vouch for somebody. */
  kind: 'word' | 'vouch';
  /** Who asked us to be named to them. */
  prospect: string;
  way: 'mail' | 'talk';
  /** `waiting`: the contact person is to bring it up. */
  state: 'waiting' | 'queued' | 'sent' | 'unknown' | 'failed' | 'cancelled';
  language: string;
  asked_by: string | null;
  asked_at: string;
  answer: 'declined' | 'agreed' | null;
  answered_at: string | null;
  words: string;
  settled_at: string | null;
}

interface ReferralTable {
  id: string;
  customer_id: string;
  ask_id: string | null;
  /** Whom they have told about us, in their own words; no addresses. */
  words: string;
  named_at: string;
  outcome: 'open' | 'became_customer' | 'nothing';
  outcome_by: string | null;
  outcome_at: string | null;
  new_customer_id: string | null;
  thanked_by: string | null;
  thanked_at: string | null;
}

interface ReferenceTable {
  customer_id: string;
  a_year: number;
  way: 'telephone' | 'mail';
  /** What they may be asked about. */
  topics: string;
  since: string;
  ended_at: string | null;
  /** The colleague who noted it; null where they said so on their page. */
  noted_by: string | null;
  revision: number;
}

interface ReferenceUseTable {
  id: string;
  customer_id: string;
  prospect: string;
  account_id: string | null;
  at: string;
  thanked_at: string | null;
}
