import type { Migration } from '../migration.ts';

const MODES = ['email', 'paper', 'telephone', 'web'];

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

// Of a code only its keyed hash: the database alone opens no questionnaire.
const POST = [
  `create table letter_batch (
    id text primary key, wave_id text not null references wave (id), number integer not null,
    whom text not null check (${oneOf('whom', ['no_address', 'unanswered'])}),
    prepared_by text references account (id), prepared_at text not null,
    posted_by text references account (id), posted_at text, unique (wave_id, number))`,
  `create table letter (
    invitation_id text primary key references invitation (id), batch_id text not null references letter_batch (id),
    position integer not null, language text not null, code_key text not null unique, attempt integer not null,
    from_delivery text not null check (${oneOf('from_delivery', ['skipped', 'sent', 'failed'])}),
    state text not null check (${oneOf('state', ['prepared', 'posted', 'left_out'])}), why text)`,
  `create index letter_place on letter (batch_id, position)`,
];

const RESPONSES = [
  `create table response_entry (
    response_id text primary key references response (id), entered_by text references account (id),
    entered_at text not null, received_on text)`,
  `create table response_copy (
    id text primary key, response_id text not null references response (id),
    invitation_id text not null references invitation (id),
    mode text not null check (${oneOf('mode', MODES)}), language text not null, answers text not null,
    contact_wish text check (${oneOf('contact_wish', ['phone', 'mail', 'no'])}),
    entered_by text references account (id), entered_at text not null, received_on text,
    state text not null check (${oneOf('state', ['waiting', 'set_aside'])}),
    chosen_by text references account (id), chosen_at text)`,
  `create index response_copy_response on response_copy (response_id, id)`,
  `create index response_copy_waiting on response_copy (id) where state = 'waiting'`,
];

const TELEPHONE = [
  `create table phone_call (
    invitation_id text primary key references invitation (id), wave_id text not null references wave (id),
    customer_id text not null references customer (id), worth_minor bigint not null, time_zone text not null,
    state text not null check (${oneOf('state', ['open', 'done'])}), outcome text,
    not_before text not null, appointment integer not null check (appointment = 0 or appointment = 1),
    tries integer not null, claimed_by text references account (id), claimed_at text, claimed_until text,
    draft text not null, revision integer not null, created_at text not null, settled_at text)`,
  `create index phone_call_worth on phone_call (wave_id, worth_minor desc, invitation_id) where state = 'open'`,
  `create index phone_call_zone on phone_call (wave_id, time_zone) where state = 'open'`,
  `create index phone_call_due on phone_call (wave_id, not_before, invitation_id)
    where state = 'open' and appointment = 1`,
  `create index phone_call_customer on phone_call (customer_id)`,
  `create table telephone_flag (
    id text primary key, customer_id text not null references customer (id),
    kind text not null check (${oneOf('kind', ['wrong_number', 'no_calls'])}), number_key text not null,
    flagged_by text references account (id), flagged_at text not null)`,
  `create index telephone_flag_customer on telephone_flag (customer_id, id)`,
];

/** Letters and their codes, answers that somebody entered, second answers to one invitation, and calls. */
export const postAndTelephone: Migration = {
  name: '0005-post-and-telephone',
  statements: () => [...POST, ...RESPONSES, ...TELEPHONE],
};
