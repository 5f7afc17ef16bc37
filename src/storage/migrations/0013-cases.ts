import type { Migration } from '../migration.ts';

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

const KINDS = ['complaint', 'win_back', 'payment_difficulty', 'return'];
const ORIGINS = ['answer', 'wish', 'comment', 'alert', 'list', 'hand', 'invoice', 'mail', 'guarantee'];
const STATES = ['open', 'in_progress', 'closed', 'reopened'];
const STEPS = ['apologise', 'act', 'empathy', 'make_good', 'follow_up'];
const REMEDY_STATES = ['proposed', 'approved', 'declined', 'given', 'withdrawn'];

/** Cases: complaints, win-backs, payment difficulties and returns, with their steps, remedies and thread. */
export const cases: Migration = {
  name: '0013-cases',
  statements: () => [
    `create table case_counter (name text primary key, last integer not null)`,
    `create table recovery_case (
      id text primary key, number integer not null unique, kind text not null check (${oneOf('kind', KINDS)}),
      state text not null check (${oneOf('state', STATES)}),
      customer_id text references customer (id), contact_name text not null default '',
      contact_email text not null default '', contact_telephone text not null default '',
      origin text not null check (${oneOf('origin', ORIGINS)}), origin_id text,
      summary text not null default '', words text not null, language text not null,
      owner_id text references account (id), urgent integer not null default 0 check (urgent = 0 or urgent = 1),
      worth_minor bigint not null, opened_at text not null, opened_by text references account (id),
      round integer not null default 1 check (round > 0),
      next_step text, next_due_at text, awaiting integer not null default 0 check (awaiting = 0 or awaiting = 1),
      look_at text not null, snoozed_until text, escalated_for text,
      closed_at text, closed_by text references account (id), root_cause text not null default '',
      action text not null default '', outcome text not null default '', no_question text not null default '',
      asked_at text, settled text check (${oneOf('settled', ['yes', 'silent'])}), settled_at text,
      merged_into_id text references recovery_case (id), revision integer not null default 0, updated_at text not null,
      check ((state = 'closed') = (closed_at is not null)),
      check (state <> 'closed' or merged_into_id is not null or (root_cause <> '' and action <> '' and outcome <> '')),
      check (merged_into_id is null or (state = 'closed' and merged_into_id <> id)),
      check ((next_step is null) = (next_due_at is null)),
      check (closed_at is null or (next_step is null and snoozed_until is null and awaiting = 0)),
      check ((settled is null) = (settled_at is null)),
      check (settled is null or state = 'closed'))`,
    // One cause, one case; one conversation at a time to win somebody back, and one about what they owe.
    `create unique index recovery_case_cause on recovery_case (origin, origin_id, kind) where origin_id is not null`,
    `create unique index recovery_case_one on recovery_case (customer_id, kind)
      where closed_at is null and customer_id is not null and (kind = 'win_back' or kind = 'payment_difficulty')`,
    `create index recovery_case_customer on recovery_case (customer_id, opened_at)`,
    `create index recovery_case_today on recovery_case (look_at, worth_minor desc, id) where closed_at is null`,
    `create index recovery_case_owner on recovery_case (owner_id, look_at, worth_minor desc, id) where closed_at is null`,
    `create index recovery_case_closed on recovery_case (closed_at, id) where closed_at is not null`,
    `create index recovery_case_asked on recovery_case (asked_at) where asked_at is not null and settled is null`,
    `create index recovery_case_settled on recovery_case (settled_at, id) where settled = 'yes'`,
    `create index recovery_case_merged on recovery_case (merged_into_id) where merged_into_id is not null`,
    `create table case_step (
      case_id text not null references recovery_case (id), round integer not null,
      step text not null check (${oneOf('step', STEPS)}), position integer not null, due_at text not null,
      state text not null check (${oneOf('state', ['open', 'done', 'skipped'])}),
      said text not null default '', channel text not null default '',
      account_id text references account (id), at text,
      primary key (case_id, round, step), unique (case_id, round, position),
      check ((state = 'open') = (at is null)),
      check (state = 'open' or said <> ''))`,
    `create table case_event (
      id text primary key, case_id text not null references recovery_case (id), at text not null, kind text not null,
      account_id text references account (id), from_customer integer not null check (from_customer = 0 or from_customer = 1),
      words text not null, detail text not null)`,
    `create index case_event_case on case_event (case_id, id)`,
    `create table case_remedy (
      id text primary key, case_id text not null references recovery_case (id), kind text not null,
      what text not null, amount_minor bigint not null check (amount_minor >= 0),
      state text not null check (${oneOf('state', REMEDY_STATES)}),
      proposed_by text references account (id), from_customer integer not null check (from_customer = 0 or from_customer = 1),
      proposed_at text not null, decided_by text references account (id), decided_at text,
      reason text not null default '', given_by text references account (id), given_at text,
      check ((state = 'proposed' or state = 'withdrawn') or decided_at is not null),
      check ((state = 'given') = (given_at is not null)))`,
    `create index case_remedy_case on case_remedy (case_id, id)`,
    `create index case_remedy_waiting on case_remedy (proposed_at, id) where state = 'proposed'`,
    `create table case_tag (
      case_id text not null references recovery_case (id), tag text not null, primary key (case_id, tag))`,
    `create table colleague_absence (
      account_id text primary key references account (id), until_on text not null,
      set_by text references account (id), set_at text not null)`,
    `create table case_setting (key text primary key, value text not null, updated_at text not null)`,
  ],
};
