import type { Migration } from '../migration.ts';

/** What colleagues report of unhappy customers, and what anybody says on the public comment page. */
export const alerts: Migration = {
  name: '0018-alerts',
  statements: () => [
    `create table alert_link (
      id text primary key, name text not null, created_by text references account (id), created_at text not null,
      revoked_by text references account (id), revoked_at text)`,
    `create table alert (
      id text primary key, case_id text not null references recovery_case (id),
      customer_id text references customer (id), who text not null, what text not null,
      account_id text references account (id), link_id text references alert_link (id),
      reporter text not null default '', joined integer not null default 0 check (joined in (0, 1)),
      led_to text check (led_to in ('settled', 'won_back')), credited_at text, created_at text not null,
      check ((account_id is null) = (link_id is not null)), check ((led_to is null) = (credited_at is null)))`,
    `create index alert_case on alert (case_id)`,
    `create index alert_customer on alert (customer_id, created_at)`,
    `create index alert_mine on alert (account_id, id)`,
    `create index alert_of_link on alert (link_id)`,
    `create index alert_credited on alert (credited_at, id)`,
    // One row for each customer, or name as typed: two alerts at the same moment stand in a queue here.
    `create table alert_subject (
      subject_key text primary key, case_id text references recovery_case (id), alerted_at text not null)`,
    `create index alert_subject_case on alert_subject (case_id)`,
    `create table public_comment (
      id text primary key, reference text not null unique,
      kind text not null check (kind in ('problem', 'guarantee', 'idea', 'praise')),
      state text not null check (state in ('held', 'case', 'list', 'spam')),
      language text not null, words text not null, name text not null default '', email text not null default '',
      telephone text not null default '', wish text not null default '' check (wish in ('', 'phone', 'mail', 'no')),
      why_held text not null default '[]', form_key text not null unique, words_key text not null,
      customer_id text references customer (id), case_id text references recovery_case (id),
      decided_by text references account (id), decided_at text, created_at text not null,
      check ((state = 'case') = (case_id is not null)))`,
    `create index public_comment_state on public_comment (state, id)`,
    `create index public_comment_list on public_comment (state, kind, id)`,
    `create index public_comment_words on public_comment (words_key, created_at)`,
    `create index public_comment_customer on public_comment (customer_id)`,
    `create index public_comment_case on public_comment (case_id)`,
    `create table guarantee_claim (
      comment_id text primary key references public_comment (id), case_id text not null references recovery_case (id),
      state text not null check (state in ('open', 'granted', 'declined')), words text not null default '',
      amount_minor bigint check (amount_minor >= 0), decided_by text references account (id), decided_at text,
      check ((state = 'open') = (decided_at is null)))`,
    `create index guarantee_claim_case on guarantee_claim (case_id)`,
    `create table comment_setting (
      id text primary key, value text not null, revision integer not null default 0,
      saved_by text references account (id), saved_at text not null)`,
  ],
};
