import type { Migration } from '../migration.ts';

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

const LETTERS = ['waiting', 'queued', 'sent', 'unknown', 'failed', 'cancelled', 'printed', 'dropped'];
const WISHES = ['call', 'words', 'plan'];
const PLANS = ['proposed', 'agreed', 'declined', 'withdrawn', 'ended', 'done'];

/** Customers in arrears: what opened a case, the invitation to talk, what they wish, and what was agreed. */
export const payment: Migration = {
  name: '0016-payment',
  statements: () => [
    // Newest change last; what stands is the last row.
    `create table payment_setting (
      id text primary key, value text not null, changed_by text references account (id), changed_at text not null)`,
    `create index invoice_unpaid on invoice (due_on, id) where paid_on is null`,
    // An invoice that led to a case never leads to another. No reference to the invoice: an import can be undone.
    `create table arrears_invoice (
      invoice_id text primary key, case_id text not null references recovery_case (id), noted_at text not null)`,
    `create index arrears_invoice_case on arrears_invoice (case_id, invoice_id)`,
    `create table payment_letter (
      case_id text primary key references recovery_case (id), customer_id text not null references customer (id),
      state text not null check (${oneOf('state', LETTERS)}),
      language text not null, subject text not null default '', words text not null default '',
      decided_by text references account (id), decided_at text, sent_at text, revision integer not null default 0,
      created_at text not null)`,
    `create index payment_letter_customer on payment_letter (customer_id, created_at)`,
    `create index payment_letter_waiting on payment_letter (created_at, case_id) where state = 'waiting'`,
    `create table payment_wish (
      id text primary key, case_id text not null references recovery_case (id),
      kind text not null check (${oneOf('kind', WISHES)}), call_from text, call_to text,
      telephone text not null default '', words text not null default '', made_at text not null, taken_back_at text)`,
    `create unique index payment_wish_one on payment_wish (case_id, kind) where taken_back_at is null`,
    `create table payment_plan (
      id text primary key, case_id text not null references recovery_case (id),
      customer_id text not null references customer (id), state text not null check (${oneOf('state', PLANS)}),
      total_minor bigint not null check (total_minor > 0), instalments integer not null check (instalments between 2 and 12),
      rhythm text not null check (rhythm = 'week' or rhythm = 'fortnight' or rhythm = 'month'), first_on text not null,
      by_customer integer not null check (by_customer = 0 or by_customer = 1), proposed_by text references account (id),
      proposed_at text not null, decided_by text references account (id), decided_at text, ended_at text,
      reason text not null default '', revision integer not null default 0)`,
    // One plan at a time is spoken of.
    `create unique index payment_plan_one on payment_plan (case_id) where state = 'proposed' or state = 'agreed'`,
    `create index payment_plan_case on payment_plan (case_id, id)`,
    `create index payment_plan_customer on payment_plan (customer_id, id)`,
    `create table payment_instalment (
      plan_id text not null references payment_plan (id), number integer not null, due_on text not null,
      amount_minor bigint not null check (amount_minor > 0), paid_on text,
      paid_how text check (paid_how = 'hand' or paid_how = 'invoice'), noted_by text references account (id),
      missed_at text, primary key (plan_id, number), check ((paid_on is null) = (paid_how is null)))`,
    `create index payment_instalment_due on payment_instalment (due_on, plan_id, number)
      where paid_on is null and missed_at is null`,
  ],
};
