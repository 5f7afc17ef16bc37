import type { KeptSettingTable } from './kept-setting.ts';

/** What each customer is worth, as the last night worked it out. */
export interface ValueTables {
  customer_value: CustomerValueTable;
  value_model: ValueModelTable;
  value_setting: KeptSettingTable;
}

interface CustomerValueTable {
  customer_id: string;
  /** Days with a purchase after the first one. */
  frequency: number;
  /** From the first purchase to the last; 0 without a second one. */
  recency_days: number;
  /** From the first purchase to the day of the working out. */
  age_days: number;
  /** The chance that they still buy, between 0 and 1; 0 for those who have left. Null without a model, and for one purchase. */
  alive: number | null;
  /** Purchases to expect within a year. Null where there is no model. */
  expected_year: number | null;
  /** What a purchase of theirs comes to, as the model expects it. Null where there is no model. */
  purchase_minor: number | null;
  spend_year_minor: number;
  /** Of those who have left: what it would be, had they stayed. */
  lifetime_minor: number;
  has_left: number;
  /** What the yearly spend rests on: purchases, or what a person typed. */
  source: 'purchases' | 'typed' | 'none';
  computed_at: string;
}

interface ValueModelTable {
  id: string;
  /** The company's day whose night it was: one working out for each. */
  night: string;
  fitted_at: string;
  method: 'model' | 'formula';
  /** Why there is no model; '' where there is one. */
  reason: string;
  /** How many it was fitted to. */
  customers: number;
  /** JSON: parameters with their standard errors. */
  parameters: string;
  log_likelihood: number | null;
  seconds: number;
  /** JSON: totals and bands over all customers, so that a page need not add them up. */
  facts: string;
}
