import type { Migration } from '../migration.ts';

const ROLES = `('staff', 'manager', 'administrator')`;
const DELIVERIES = ['queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled', 'skipped', 'withheld'];
const PROGRESSES = ['none', 'started', 'completed', 'opted_out', 'expired'];
const MODES = ['email', 'paper', 'telephone', 'web'];

/** Not `in (...)`: for a list of constants SQLite fills a table of its own at every row that is written. */
const oneOf = (column: string, values: string[]): string =>
  values.map((value) => `${column} = '${value}'`).join(' or ');

const ACCOUNTS = [
  `create table setting (key text primary key, value text not null, updated_at text not null)`,
  `create table account (
    id text primary key, email text not null, email_key text not null unique, name text not null,
    title text not null default '', role text not null check (role in ${ROLES}), language text not null,
    password_hash text, created_at text not null, deactivated_at text)`,
  `create table account_link (
    token_hash text primary key, kind text not null check (kind in ('setup', 'invite', 'reset')),
    account_id text references account (id), created_at text not null, expires_at text not null, used_at text)`,
  `create index account_link_account on account_link (account_id)`,
  `create table session (
    sid_hash text primary key, account_id text references account (id), data text not null,
    seen_at text not null, created_at text not null)`,
  `create index session_account on session (account_id)`,
  `create index session_seen on session (seen_at)`,
  `create table access_token (
    id text primary key, name text not null, role text not null check (role in ${ROLES}),
    token_hash text not null unique, created_by text references account (id), created_at text not null,
    last_used_at text, revoked_at text)`,
  `create table audit_entry (
    id text primary key, at text not null,
    actor_kind text not null check (actor_kind in ('account', 'token', 'system', 'command')),
    actor_id text, action text not null, subject_kind text not null, subject_id text, detail text not null)`,
  `create index audit_entry_subject on audit_entry (subject_kind, subject_id, id)`,
  `create index audit_entry_actor on audit_entry (actor_id, id)`,
];

const CUSTOMERS = [
  `create table customer (
    id text primary key, reference text not null unique check (reference <> ''),
    title text not null, given_name text not null, family_name text not null, organisation text not null,
    greeting text not null, email text not null, email_key text not null, telephone text not null,
    street text not null, postal_code text not null, city text not null, region text not null, country text not null,
    language text not null, time_zone text not null, customer_since text,
    status text not null check (status in ('active', 'left')), left_on text,
    segment text not null, contact_account_id text references account (id),
    yearly_value_minor bigint, worth_minor bigint not null, first_purchase_on text, last_purchase_on text,
    legal_basis text not null, legal_basis_source text not null, legal_basis_on text,
    notes text not null, search text not null, revision integer not null,
    created_at text not null, updated_at text not null,
    unsubscribed_at text, unsubscribed_how text not null default '', erased_at text,
    check ((status = 'left') = (left_on is not null)),
    check (legal_basis = '' or (legal_basis_source <> '' and legal_basis_on is not null)))`,
  `create index customer_email on customer (email_key)`,
  `create index customer_left on customer (status, left_on, id)`,
  `create index customer_search on customer (search, id)`,
  `create index customer_worth on customer (worth_minor, id)`,
  `create index customer_contact on customer (contact_account_id, id)`,
  `create index customer_segment on customer (segment, id)`,
  `create index customer_country on customer (country)`,
  `create index customer_language on customer (language)`,
  `create table customer_tag (
    customer_id text not null references customer (id), tag text not null, primary key (customer_id, tag))`,
  `create index customer_tag_tag on customer_tag (tag, customer_id)`,
  `create table purchase (
    id text primary key, customer_id text not null references customer (id), reference text,
    purchased_on text not null, amount_minor bigint not null, item text not null, import_id text, created_at text not null)`,
  `create index purchase_customer on purchase (customer_id, purchased_on, amount_minor)`,
  `create unique index purchase_reference on purchase (customer_id, reference) where reference is not null`,
  `create index purchase_import on purchase (import_id) where import_id is not null`,
  `create table invoice (
    id text primary key, customer_id text not null references customer (id), number text not null,
    issued_on text, amount_minor bigint not null, due_on text, paid_on text, import_id text, created_at text not null,
    unique (customer_id, number))`,
  `create table dealing (
    id text primary key, customer_id text not null references customer (id), kind text not null, reference text,
    from_on text not null, to_on text, note text not null, import_id text, created_at text not null)`,
  `create index dealing_customer on dealing (customer_id, from_on)`,
  `create unique index dealing_reference on dealing (customer_id, kind, reference) where reference is not null`,
  `create table timeline_event (
    id text primary key, customer_id text not null references customer (id), at text not null, kind text not null,
    account_id text, subject_id text, detail text not null)`,
  `create index timeline_event_customer on timeline_event (customer_id, at, id)`,
  `create table import (
    id text primary key, kind text not null check (kind in ('customers', 'purchases', 'invoices', 'dealings')),
    filename text not null, fingerprint text not null,
    state text not null check (state in
      ('receiving', 'reading', 'checked', 'importing', 'done', 'undoing', 'undone', 'failed', 'discarded')),
    facts text not null, rows_total integer not null, rows_bad integer not null, rows_new integer not null,
    rows_update integer not null, rows_same integer not null, rows_done integer not null, rows_kept integer not null,
    created_by text references account (id), created_at text not null, finished_at text, forgotten_at text)`,
  `create index import_state on import (state, id)`,
  `create index import_fingerprint on import (fingerprint, kind)`,
  `create index import_remembered on import (created_at) where forgotten_at is null`,
  `create table import_file (
    import_id text not null references import (id), part integer not null, content text not null,
    primary key (import_id, part))`,
  `create table import_row (
    import_id text not null references import (id), row_number integer not null,
    state text not null check (state in ('new', 'update', 'same', 'bad', 'imported', 'undone', 'kept')),
    data text not null, errors text not null, record_id text, before text, revision_after integer,
    primary key (import_id, row_number))`,
  `create index import_row_state on import_row (import_id, state, row_number)`,
];

const QUESTIONNAIRES = [
  `create table programme (id text primary key, key text not null unique, name text not null, created_at text not null)`,
  `create table questionnaire (
    id text primary key, programme_id text not null references programme (id), name text not null,
    draft text not null, draft_revision integer not null, created_at text not null, updated_at text not null,
    archived_at text)`,
  `create table questionnaire_version (
    id text primary key, questionnaire_id text not null references questionnaire (id), number integer not null,
    definition text not null, published_at text not null, published_by text references account (id),
    unique (questionnaire_id, number))`,
  `create table text_approval (
    questionnaire_id text not null references questionnaire (id), language text not null, texts_hash text not null,
    approved_at text not null, approved_by text references account (id),
    primary key (questionnaire_id, language, texts_hash))`,
];

const MAIL = [
  `create table outgoing_mail (
    id text primary key, kind text not null, subject_id text not null, detail text not null,
    state text not null check (state in ('queued', 'sending', 'sent', 'unknown', 'failed', 'cancelled')),
    not_before text not null, attempts integer not null, claimed_by text, claimed_at text,
    message_id text not null unique, last_error text, created_at text not null, settled_at text)`,
  `create index outgoing_mail_due on outgoing_mail (state, not_before, id)`,
  `create index outgoing_mail_subject on outgoing_mail (subject_id, kind)`,
  `create table captured_mail (
    id text primary key, mail_id text not null unique references outgoing_mail (id), envelope_from text not null,
    envelope_to text not null, subject text not null, headers text not null, text text not null, html text not null,
    captured_at text not null)`,
  `create table lease (name text primary key, holder text not null, expires_at text not null)`,
];

const WAVES = [
  `create table wave (
    id text primary key, programme_id text not null references programme (id),
    questionnaire_version_id text not null references questionnaire_version (id), name text not null,
    state text not null check (state in ('draft', 'starting', 'sending', 'paused', 'stopped', 'finished')),
    audience text not null, sender_account_id text references account (id), sender_name text not null,
    reply_to text not null, expires_days integer not null check (expires_days between 1 and 366),
    created_by text references account (id), created_at text not null, started_by text references account (id),
    started_at text, hold_until text, enrolled_upto text, stopped_at text)`,
  `create table invitation (
    id text primary key, wave_id text not null references wave (id), customer_id text not null references customer (id),
    language text not null,
    delivery text not null check (${oneOf('delivery', DELIVERIES)}),
    skip_reason text, skip_until text,
    progress text not null check (${oneOf('progress', PROGRESSES)}),
    bounced_at text, sent_at text, revoked_at text, expires_at text not null, created_at text not null,
    unique (wave_id, customer_id),
    check ((delivery = 'skipped') = (skip_reason is not null))) without rowid`,
  `create index invitation_delivery on invitation (wave_id, delivery, customer_id, bounced_at)`,
  `create index invitation_progress on invitation (wave_id, progress, customer_id) where progress <> 'none'`,
  `create index invitation_skipped on invitation (wave_id, skip_reason, customer_id, skip_until) where delivery = 'skipped'`,
  `create index invitation_customer on invitation (customer_id, delivery)`,
  `create index wave_state on wave (state, id)`,
];

// An answer writes to these: without rowid, SQLite keeps their rows in the primary key instead of beside it.
const RESPONSES = [
  `create table response (
    id text primary key, invitation_id text not null unique references invitation (id),
    customer_id text not null references customer (id), wave_id text not null references wave (id),
    programme_id text not null references programme (id),
    questionnaire_version_id text not null references questionnaire_version (id),
    mode text not null check (${oneOf('mode', MODES)}), language text not null,
    state text not null check (state in ('partial', 'complete')), reference text not null unique,
    contact_wish text check (${oneOf('contact_wish', ['phone', 'mail', 'no'])}), started_at text not null,
    updated_at text not null, submitted_at text, check ((state = 'complete') = (submitted_at is not null))) without rowid`,
  `create index response_customer on response (customer_id, programme_id)`,
  // Only what was sent: a first answer, which somebody waits for, writes none of these.
  `create index response_programme on response (programme_id, submitted_at, id) where submitted_at is not null`,
  `create index response_wave on response (wave_id, submitted_at, id) where submitted_at is not null`,
  `create index response_submitted on response (submitted_at, id) where submitted_at is not null`,
  `create table answer (
    response_id text not null references response (id), question_key text not null,
    kind text not null check (${oneOf('kind', ['open', 'reasons', 'most', 'scale', 'yesno', 'skipped'])}),
    verbatim text, value text, language text not null, mode text not null check (${oneOf('mode', MODES)}),
    questionnaire_version_id text not null references questionnaire_version (id), answered_at text not null,
    primary key (response_id, question_key)) without rowid`,
  `create table answer_revision (
    id text primary key, response_id text not null references response (id), question_key text not null,
    kind text not null, verbatim text, value text, language text not null, answered_at text not null,
    replaced_at text not null)`,
  `create index answer_revision_response on answer_revision (response_id, question_key)`,
];

const CODING = [
  `create table codebook (
    id text primary key, programme_id text not null unique references programme (id), revision integer not null,
    created_at text not null)`,
  `create table code (
    id text primary key, codebook_id text not null references codebook (id), key text not null,
    parent_id text references code (id), kind text not null check (kind in ('reason', 'other', 'unknown')),
    name text not null, description text not null, position integer not null, retired_at text, split_at text,
    merged_into_id text references code (id), created_at text not null, unique (codebook_id, key))`,
  `create table codebook_change (
    id text primary key, codebook_id text not null references codebook (id), revision integer not null,
    kind text not null check (kind in ('add', 'rename', 'move', 'merge', 'split', 'retire', 'restore')),
    code_id text references code (id), detail text not null, account_id text references account (id), at text not null)`,
  `create index codebook_change_book on codebook_change (codebook_id, at)`,
  `create table coding (
    id text primary key, response_id text not null references response (id), question_key text not null,
    code_id text not null references code (id),
    coder_kind text not null check (coder_kind in ('respondent', 'colleague', 'engine')),
    account_id text references account (id), is_main integer not null check (is_main in (0, 1)),
    probability double precision, set_id text, created_at text not null, withdrawn_at text, withdrawn_by text)`,
  `create unique index coding_current on coding (response_id, question_key, code_id, coder_kind) where withdrawn_at is null`,
  `create unique index coding_main on coding (response_id, coder_kind) where withdrawn_at is null and is_main = 1`,
  `create index coding_code on coding (code_id, coder_kind, response_id) where withdrawn_at is null`,
  `create index coding_withdrawn on coding (withdrawn_by) where withdrawn_by is not null`,
  `create table coding_task (
    response_id text not null references response (id), question_key text not null,
    programme_id text not null references programme (id), state text not null check (state in ('open', 'coded')),
    random_number double precision not null, revision integer not null default 0, answered_at text, skipped_at text,
    coded_at text, coded_by text references account (id), created_at text not null, primary key (response_id, question_key))`,
  `create index coding_task_queue on coding_task (programme_id, state, skipped_at, created_at, response_id)`,
  `create index coding_task_coded on coding_task (coded_by, coded_at)`,
  `create table main_reason (
    response_id text primary key references response (id), customer_id text not null references customer (id),
    programme_id text not null references programme (id), code_id text references code (id),
    source text check (source in ('colleague', 'engine', 'respondent')),
    stated_code_id text references code (id), updated_at text not null,
    check ((code_id is null) = (source is null)))`,
  `create index main_reason_customer on main_reason (customer_id, programme_id)`,
  `create index main_reason_code on main_reason (code_id, response_id)`,
];

const REPORTS = [
  `create table leaver (
    customer_id text primary key references customer (id), left_on text not null, lost_minor bigint not null,
    knowledge text not null check (knowledge in
      ('known', 'withheld', 'not_asked', 'no_answer', 'not_coded', 'does_not_know')),
    main_code_id text references code (id),
    main_source text check (main_source in ('colleague', 'engine', 'respondent')),
    stated_code_id text references code (id), response_id text references response (id), submitted_at text,
    segment text not null, country text not null, language text not null, tenure_band text not null, value_band text not null,
    check ((knowledge in ('known', 'does_not_know')) = (main_code_id is not null)),
    check ((main_source is null) = (main_code_id is null)))`,
  `create index leaver_report on leaver
    (left_on, knowledge, main_code_id, main_source, stated_code_id, segment, country, language, tenure_band,
     value_band, lost_minor)`,
  `create index leaver_reason on leaver (main_code_id, left_on, customer_id)`,
];

/** Rows that may never change: what was published, and who did what. */
const FROZEN = ['audit_entry', 'questionnaire_version'];

const frozenOnSqlite = FROZEN.flatMap((table) =>
  ['update', 'delete'].map(
    (change) => `create trigger ${table}_no_${change} before ${change} on ${table}
      begin select raise(abort, '${table} rows never change'); end`,
  ),
);

const frozenOnPostgres = [
  `create function refuse_change() returns trigger language plpgsql as $$
    begin raise exception '% rows never change', tg_table_name; end $$`,
  ...FROZEN.map(
    (table) => `create trigger ${table}_frozen before update or delete on ${table}
      for each row execute function refuse_change()`,
  ),
];

const TABLES = [...ACCOUNTS, ...CUSTOMERS, ...QUESTIONNAIRES, ...MAIL, ...WAVES, ...RESPONSES, ...CODING, ...REPORTS];

export const first: Migration = {
  name: '0001-first',
  statements: (engine) =>
    engine === 'sqlite'
      ? [...TABLES, ...frozenOnSqlite]
      : [...TABLES.map((each) => each.replace(/ without rowid$/, '')), ...frozenOnPostgres],
};
