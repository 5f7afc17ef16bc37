import type { Migration } from '../migration.ts';

/** Who came back and for how long, what the draws of a holdout led to, and how long customers stay. */
export const effect: Migration = {
  name: '0025-effect',
  statements: () => [
    `create table customer_return (
      customer_id text not null references customer (id) on delete cascade, left_on text not null,
      returned_on text not null, attempted integer not null check (attempted in (0, 1)),
      kept_90 integer check (kept_90 in (0, 1)), kept_180 integer check (kept_180 in (0, 1)),
      spent_minor bigint not null default 0, days integer not null default 0, primary key (customer_id, left_on))`,
    `create index customer_return_left on customer_return (left_on, attempted, kept_90, kept_180, spent_minor, days)`,
    `insert into customer_return (customer_id, left_on, returned_on, attempted)
      select customer_id, left_on, bought_until, attempted from winback where standing = 'returned'`,
    `create index winback_reason on winback (left_on, reason_key, attempted, standing)`,
    `create table effect_cohort (
      programme_id text not null references programme (id), month text not null, share integer not null,
      held_out integer not null check (held_out in (0, 1)), drawn integer not null,
      due_90 integer not null, back_90 integer not null, due_180 integer not null, back_180 integer not null,
      primary key (programme_id, month, share, held_out))`,
    `create table survival_group (
      field text not null, value text not null, customers integer not null, leavers integer not null,
      days bigint not null, ticks text not null, primary key (field, value))`,
    `create table rollup_state (
      part text primary key, day text not null, computed_at text not null, newest text not null, content text not null)`,
  ],
};
