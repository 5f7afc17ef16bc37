import type { Migration } from '../migration.ts';

const KINDS = ['hard', 'soft', 'complaint', 'auto-reply', 'other'];
const WAYS = ['mailbox', 'interface', 'command'];

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

// No foreign keys to mails and customers: what came back, and who must not be written to, outlives both.
const RETURNED = [
  `create table returned_mail (
    id text primary key, fingerprint text not null unique, way text not null check (${oneOf('way', WAYS)}),
    received_at text not null, kind text not null check (${oneOf('kind', KINDS)}), cause text not null,
    status text not null, verified integer not null, mail_id text, customer_id text, address_key text,
    recipient text not null, sender text not null, subject text not null, content text not null,
    to_read integer not null, waiting integer not null, done_at text, done_by text references account (id))`,
  `create index returned_mail_kind on returned_mail (kind, id)`,
  `create index returned_mail_address on returned_mail (address_key, kind, received_at) where address_key is not null`,
  `create index returned_mail_customer on returned_mail (customer_id) where customer_id is not null`,
  `create index returned_mail_to_read on returned_mail (id) where to_read = 1`,
  `create index returned_mail_waiting on returned_mail (id) where waiting = 1`,
  `create index returned_mail_done on returned_mail (done_at) where done_at is not null and content <> ''`,
];

const SUPPRESSIONS = [
  `create table suppression (
    id text primary key, address_key text not null,
    kind text not null check (${oneOf('kind', ['hard', 'soft', 'complaint', 'person'])}), since text not null,
    how text not null, source text not null, customer_id text, lifted_at text, lifted_by text references account (id),
    lift_reason text not null, noted integer not null)`,
  `create unique index suppression_active on suppression (address_key) where lifted_at is null`,
  `create index suppression_address on suppression (address_key, id)`,
  `create index suppression_customer on suppression (customer_id) where customer_id is not null`,
  `create index suppression_to_note on suppression (id) where noted = 0`,
];

/** What came back, and to which addresses nothing is sent any more. */
export const bounces: Migration = { name: '0003-bounces', statements: () => [...RETURNED, ...SUPPRESSIONS] };
