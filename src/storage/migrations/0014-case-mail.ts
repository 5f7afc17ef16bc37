import type { Migration } from '../migration.ts';

const STATES = [
  ...['queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled', 'bounced'],
  ...['received', 'to_sort', 'set_aside'],
];
const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

// No foreign keys to cases, customers and comments: what was written outlives how it was sorted.
const MAIL = [
  `create table case_mail (
    id text primary key, case_id text, direction text not null check (${oneOf('direction', ['in', 'out'])}),
    state text not null check (${oneOf('state', STATES)}), error text not null, at text not null,
    automatic integer not null check (automatic = 0 or automatic = 1),
    trust text not null check (${oneOf('trust', ['sure', 'unsure', 'failed'])}),
    other_address integer not null check (other_address = 0 or other_address = 1),
    message_id text not null, refs text not null, name text not null, address text not null, address_key text not null,
    language text not null, subject text not null, words text not null, quoted text not null, missing text not null,
    answered_at text, customer_id text, answers_kind text not null, answers_id text, fingerprint text not null unique,
    account_id text references account (id))`,
  `create index case_mail_case on case_mail (case_id, id) where case_id is not null`,
  `create index case_mail_to_sort on case_mail (id) where state = 'to_sort'`,
  `create index case_mail_customer on case_mail (customer_id) where customer_id is not null`,
  `create index case_mail_address on case_mail (address_key, id)`,
  `create index case_mail_message on case_mail (message_id) where message_id <> ''`,
];

const ATTACHMENTS = [
  `create table attachment (
    id text primary key, case_id text, mail_id text references case_mail (id) on delete cascade, comment_id text,
    name text not null, type text not null, size integer not null, digest text not null,
    from_customer integer not null check (from_customer = 0 or from_customer = 1), created_at text not null)`,
  `create index attachment_case on attachment (case_id, id) where case_id is not null`,
  `create index attachment_mail on attachment (mail_id, id) where mail_id is not null`,
  `create index attachment_comment on attachment (comment_id, id) where comment_id is not null`,
  `create table attachment_content (
    attachment_id text primary key references attachment (id) on delete cascade, content text not null)`,
];

/** What is written to and by customers about their cases, and the files with it. */
export const caseMail: Migration = { name: '0014-case-mail', statements: () => [...MAIL, ...ATTACHMENTS] };
