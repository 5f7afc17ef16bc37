import type { Migration } from '../migration.ts';

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

const MESSAGES = ['queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled'];

/** Written goals, policies made of what customers say, who has read which, and whom we told what we did. */
export const goals: Migration = {
  name: '0027-goals',
  statements: () => [
    `create table goal (
      id text primary key, measure text, direction text check (direction = 'up' or direction = 'down'),
      start_value double precision, start_low double precision, start_high double precision, start_base integer,
      started_on text not null, number integer not null check (number > 0), asked integer not null,
      state text not null check (${oneOf('state', ['open', 'reached', 'given_up'])}),
      ended_on text, ended_by text references account (id), end_words text not null default '',
      end_value double precision, created_at text not null,
      check ((measure is null) = (direction is null)), check ((state = 'open') = (ended_on is null)))`,
    `create table goal_version (
      goal_id text not null references goal (id), number integer not null check (number > 0), texts text not null,
      owner_id text not null references account (id), due_on text not null, target double precision,
      asks integer not null check (asks in (0, 1)), account_id text references account (id), created_at text not null,
      primary key (goal_id, number))`,
    `create table policy (
      id text primary key, code_id text not null references code (id), number integer not null check (number > 0),
      asked integer not null, withdrawn_on text, withdrawn_by text references account (id), created_at text not null)`,
    `create index policy_code on policy (code_id)`,
    `create table policy_version (
      policy_id text not null references policy (id), number integer not null check (number > 0), texts text not null,
      owner_id text not null references account (id), in_force_on text not null,
      asks integer not null check (asks in (0, 1)), account_id text references account (id), created_at text not null,
      primary key (policy_id, number))`,
    // Of goals and policies alike: the version that a colleague confirmed having read.
    `create table retention_reading (
      subject_id text not null, account_id text not null references account (id), number integer not null,
      read_at text not null, primary key (subject_id, account_id, number))`,
    `create index retention_reading_account on retention_reading (account_id)`,
    // What is written to those who said it; each text as it was approved.
    `create table policy_letter (
      id text primary key, policy_id text not null references policy (id), number integer not null check (number > 0),
      texts text not null, account_id text references account (id), created_at text not null,
      unique (policy_id, number))`,
    `create table policy_message (
      id text primary key, policy_id text not null references policy (id), letter_id text not null references policy_letter (id),
      customer_id text not null references customer (id), language text not null,
      state text not null check (${oneOf('state', MESSAGES)}), reason text not null default '',
      account_id text references account (id), created_at text not null, settled_at text,
      unique (policy_id, customer_id))`,
    `create index policy_message_state on policy_message (policy_id, state)`,
    `create index policy_message_customer on policy_message (customer_id)`,
  ],
};
