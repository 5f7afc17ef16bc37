import type { Migration } from '../migration.ts';

/** Approved answers with their versions and uses; pages of the playbook, their versions, and who has read which. */
export const playbook: Migration = {
  name: '0019-playbook',
  statements: () => [
    `create table library_answer (
      id text primary key, owner_id text not null references account (id), review_on text not null,
      reviewed_at text, retired_at text, created_at text not null)`,
    `create index library_answer_review on library_answer (review_on) where retired_at is null`,
    `create table library_text (
      id text primary key, answer_id text not null references library_answer (id), language text not null,
      number integer not null check (number > 0), question text not null, body text not null,
      state text not null check (state in ('proposed', 'approved', 'declined', 'replaced')),
      proposed_by text references account (id), proposed_at text not null,
      decided_by text references account (id), decided_at text, reason text not null default '',
      unique (answer_id, language, number), check ((state = 'proposed') = (decided_at is null)))`,
    `create unique index library_text_approved on library_text (answer_id, language) where state = 'approved'`,
    `create unique index library_text_proposed on library_text (answer_id, language) where state = 'proposed'`,
    `create table library_use (
      id text primary key, answer_id text not null references library_answer (id),
      text_id text not null references library_text (id), case_id text not null, account_id text references account (id),
      used_at text not null)`,
    `create index library_use_answer on library_use (answer_id, case_id)`,
    `create index library_use_case on library_use (case_id)`,
    `create table playbook_page (
      id text primary key, key text unique, places text not null, number integer not null check (number > 0),
      asked text not null, created_at text not null, retired_at text)`,
    `create table playbook_version (
      page_id text not null references playbook_page (id), number integer not null check (number > 0), texts text not null,
      asks integer not null check (asks in (0, 1)), account_id text references account (id), created_at text not null,
      primary key (page_id, number))`,
    `create table playbook_reading (
      page_id text not null references playbook_page (id), account_id text not null references account (id),
      number integer not null, language text not null, read_at text not null,
      primary key (page_id, account_id, number))`,
    `create index playbook_reading_account on playbook_reading (account_id)`,
  ],
};
