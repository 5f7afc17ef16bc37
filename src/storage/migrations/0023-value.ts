import type { Migration } from '../migration.ts';

/** What each customer is worth, as it was last worked out; the model behind it; and what a manager typed for it. */
export const value: Migration = {
  name: '0023-value',
  statements: () => [
    `create table customer_value (
      customer_id text primary key references customer (id) on delete cascade,
      frequency integer not null, recency_days integer not null, age_days integer not null,
      alive double precision check (alive between 0 and 1), expected_year double precision check (expected_year >= 0),
      purchase_minor bigint, spend_year_minor bigint not null, lifetime_minor bigint not null,
      has_left integer not null check (has_left in (0, 1)),
      source text not null check (source in ('purchases', 'typed', 'none')), computed_at text not null)`,
    `create index customer_value_lifetime on customer_value (has_left, lifetime_minor, customer_id)`,
    `create table value_model (
      id text primary key, night text not null, fitted_at text not null,
      method text not null check (method = 'model' or method = 'formula'), reason text not null,
      customers integer not null, parameters text not null, log_likelihood double precision,
      seconds double precision not null, facts text not null)`,
    `create table value_setting (
      id text primary key, value text not null, changed_by text references account (id), changed_at text not null)`,
  ],
};
