import type { Migration } from '../migration.ts';

/** Offers and who got them, the conversation with those who have left, and what customers usually need next. */
export const offers: Migration = {
  name: '0015-offers',
  statements: () => [
    `create table offer (
      id text primary key, name text not null,
      kind text not null check (kind in ('discount_percent', 'discount_amount', 'gift', 'service', 'upgrade', 'token')),
      amount bigint check (amount > 0), cost_minor bigint not null check (cost_minor >= 0),
      for_whom text not null check (for_whom in ('everyone', 'new', 'loyal', 'left')), reasons text not null,
      least_worth_minor bigint not null default 0, least_role text not null
        check (least_role in ('staff', 'manager', 'administrator')),
      per_customer integer check (per_customer > 0), per_year integer check (per_year > 0),
      most integer check (most > 0), code_kind text not null check (code_kind in ('none', 'typed', 'generated')),
      code text not null default '', valid_days integer not null check (valid_days > 0), ends_on text,
      given integer not null default 0 check (given >= 0), revision integer not null default 0, retired_at text,
      created_by text references account (id), created_at text not null, updated_at text not null,
      check (most is null or given <= most), check ((kind in ('discount_percent', 'discount_amount')) = (amount is not null)),
      check ((code_kind = 'typed') = (code <> '')))`,
    `create index offer_open on offer (retired_at, id)`,
    `create table offer_limit (
      id text primary key, staff_minor bigint not null, manager_minor bigint not null,
      changed_by text references account (id), changed_at text not null)`,
    `create table offer_given (
      id text primary key, offer_id text not null references offer (id),
      customer_id text not null references customer (id), case_id text references recovery_case (id),
      state text not null check (state in ('waiting', 'refused', 'given', 'redeemed', 'expired', 'taken_back')),
      code text not null default '', code_generated integer not null default 0, cost_minor bigint not null,
      given_by text references account (id), given_at text not null, given_on text not null,
      decided_by text references account (id), decided_at text, valid_until text not null,
      redeemed_on text, purchase_id text, ended_by text references account (id), ended_at text,
      ended_why text not null default '')`,
    `create unique index offer_given_code on offer_given (code) where code_generated = 1`,
    `create unique index offer_given_once on offer_given (offer_id, customer_id) where state in ('waiting', 'given')`,
    `create unique index offer_given_case on offer_given (case_id, offer_id)
      where case_id is not null and state <> 'taken_back' and state <> 'refused'`,
    `create index offer_given_customer on offer_given (customer_id, given_at, id)`,
    `create index offer_given_of_case on offer_given (case_id) where case_id is not null`,
    `create index offer_given_year on offer_given (offer_id, given_on)`,
    `create index offer_given_waiting on offer_given (given_at, id) where state = 'waiting'`,
    `create index offer_given_ends on offer_given (valid_until, id) where state = 'given'`,

    `create table winback (
      customer_id text primary key references customer (id) on delete cascade, case_id text,
      standing text not null check (standing in ('case', 'free', 'later', 'barred', 'done', 'returned')),
      chance integer not null check (chance between 0 and 3), worth_minor bigint not null, left_on text not null,
      reason_key text not null default '', reason_source text not null default '',
      why text not null default '', call_at text, changes_on text not null, bought_until text not null default '',
      attempted integer not null default 0 check (attempted in (0, 1)))`,
    `create index winback_queue on winback (standing, chance, worth_minor, customer_id)`,
    `create index winback_due on winback (standing, call_at, customer_id)`,
    `create index winback_left on winback (left_on, attempted, standing)`,
    `create index winback_changes on winback (changes_on)`,
    `create table winback_case (
      case_id text primary key references recovery_case (id), customer_id text not null references customer (id),
      state text not null check (state in ('open', 'won', 'lost', 'ended')), reason_key text not null default '',
      calls integer not null default 0, call_at text, claimed_by text references account (id), claimed_at text,
      claimed_until text, draft text not null default '{}', opened_at text not null, attempted_at text, settled_at text,
      won_on text, returned_on text)`,
    `create unique index winback_case_open on winback_case (customer_id) where state = 'open'`,
    `create index winback_case_customer on winback_case (customer_id, opened_at)`,
    `create index winback_case_attempted on winback_case (attempted_at, returned_on)`,
    `create table winback_call (
      id text primary key, case_id text not null references winback_case (case_id),
      customer_id text not null references customer (id), at text not null, account_id text references account (id),
      outcome text not null, reason_key text not null default '', said text not null default '',
      promised text not null default '', call_at text, response_id text)`,
    `create index winback_call_case on winback_call (case_id, at)`,
    `create index winback_call_customer on winback_call (customer_id, at)`,
    `create table winback_letter (
      id text primary key, case_id text not null references winback_case (case_id),
      customer_id text not null references customer (id),
      kind text not null check (kind in ('ask', 'reminder', 'offer')),
      state text not null check (state in ('planned', 'queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled')),
      offer_given_id text references offer_given (id), language text not null, apologises integer not null default 0,
      sender_id text references account (id), due_at text not null, created_at text not null, sent_at text,
      reason text not null default '', unique (case_id, kind))`,
    `create index winback_letter_customer on winback_letter (customer_id, created_at)`,
    `create index winback_letter_due on winback_letter (due_at, id) where state = 'planned'`,

    `create table next_need (
      customer_id text primary key references customer (id) on delete cascade, contact_account_id text,
      gap_days integer not null check (gap_days > 0), last_on text not null, expected_on text not null,
      ask_from text not null, worth_minor bigint not null,
      nudged integer not null default 0 check (nudged in (0, 1)))`,
    `create index next_need_due on next_need (nudged, ask_from, customer_id)`,
    `create index next_need_mine on next_need (contact_account_id, ask_from, customer_id, nudged)`,
    `create table next_need_nudge (
      id text primary key, customer_id text not null references customer (id), cycle_on text not null,
      account_id text references account (id), at text not null, note text not null, bought_on text,
      amount_minor bigint, unique (customer_id, cycle_on))`,
    `create index next_need_nudge_at on next_need_nudge (at, id)`,
    `create index next_need_nudge_open on next_need_nudge (customer_id) where bought_on is null`,
  ],
};
