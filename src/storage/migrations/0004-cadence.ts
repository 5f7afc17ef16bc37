import type { Migration } from '../migration.ts';

const REMINDER_STATES = ['planned', 'queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled'];
const MOMENTS = ['rolling', 'after_purchase', 'before_dealing', 'during_dealing', 'after_dealing', 'after_leaving'];
const RUN_STATES = ['started', 'nobody', 'asks', 'skipped', 'passed'];

const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

const WAVES = [
  `alter table wave add column reminder_days text not null default '[]'`,
  `alter table wave add column paused_from text`,
  `alter table wave add column schedule_run_id text`,
  // Only what is held back for somebody's word: sending, which is most of what happens here, writes none of it.
  `alter table outgoing_mail add column parked_for text`,
  `create index outgoing_mail_parked on outgoing_mail (parked_for) where parked_for is not null`,
];

const REMINDERS = [
  `create table reminder (
    id text primary key, invitation_id text not null references invitation (id),
    wave_id text not null references wave (id), number integer not null check (number between 1 and 2),
    state text not null check (${oneOf('state', REMINDER_STATES)}), reason text,
    due_at text not null, sent_at text, created_at text not null, unique (invitation_id, number))`,
  `create index reminder_due on reminder (due_at, id) where state = 'planned'`,
  `create index reminder_wave on reminder (wave_id, state, reason)`,
];

// No foreign keys to customers: what counts against the budget, and who was drawn, outlives an import that is undone.
const CONTACTS = [
  `create table contact (
    id text primary key, sequence_id text not null, customer_id text not null, address_key text,
    kind text not null, allowance text not null, at text not null, released_at text)`,
  `create table contact_budget (
    id text primary key, days integer not null check (days between 1 and 730),
    changed_by text references account (id), changed_at text not null)`,
  `create index contact_customer on contact (customer_id, allowance, at)`,
  `create index contact_address on contact (address_key, allowance, at) where address_key is not null`,
  `insert into contact (id, sequence_id, customer_id, address_key, kind, allowance, at, released_at)
    select id, id, customer_id, null, 'survey', 'sequence', coalesce(sent_at, created_at), null from invitation
    where delivery = 'queued' or delivery = 'sending' or delivery = 'sent' or delivery = 'unknown'`,
];

const HOLDOUTS = [
  `create table holdout_share (
    id text primary key, programme_id text not null references programme (id),
    share integer not null check (share between 0 and 50), changed_by text references account (id),
    changed_at text not null)`,
  `create index holdout_share_programme on holdout_share (programme_id, id)`,
  `create table holdout_draw (
    programme_id text not null references programme (id), customer_id text not null,
    held_out integer not null check (held_out = 0 or held_out = 1), share integer not null,
    number double precision not null, drawn_at text not null, primary key (programme_id, customer_id))`,
];

const SCHEDULES = [
  `create index purchase_day on purchase (purchased_on, customer_id)`,
  `create index dealing_day on dealing (from_on)`,
  `create table schedule (
    id text primary key, name text not null, moment text not null check (${oneOf('moment', MOMENTS)}),
    questionnaire_id text not null references questionnaire (id), audience text not null,
    sender_account_id text not null references account (id), reply_to text not null, expires_days integer not null,
    reminder_days text not null, every_months integer, parts integer, days integer, dealing_kinds text not null,
    at_minutes integer not null check (at_minutes between 0 and 1439), start_on text not null, active_from text not null,
    state text not null check (state = 'on' or state = 'paused'), created_by text references account (id),
    created_at text not null, changed_at text not null)`,
  `create table schedule_run (
    id text primary key, schedule_id text not null references schedule (id), run_key text not null unique,
    run_on text not null, state text not null check (${oneOf('state', RUN_STATES)}), asks text,
    decided_by text references account (id), decided_at text, created_at text not null)`,
  `create index schedule_run_schedule on schedule_run (schedule_id, run_on)`,
  `create index schedule_run_asks on schedule_run (schedule_id, run_on) where state = 'asks'`,
  `create table schedule_subject (
    schedule_id text not null references schedule (id), subject_key text not null, customer_id text not null,
    run_id text not null references schedule_run (id), sequence_id text not null,
    primary key (schedule_id, subject_key))`,
  `create index schedule_subject_run on schedule_subject (run_id, customer_id)`,
];

/** Pausing, reminders, one contact budget, holdouts, and waves that come back by themselves. */
export const cadence: Migration = {
  name: '0004-cadence',
  statements: () => [...WAVES, ...REMINDERS, ...CONTACTS, ...HOLDOUTS, ...SCHEDULES],
};
