import type { Migration } from '../migration.ts';

/** Words that point to a code, themes that no code explains, and the competitors that answers name. */
export const themes: Migration = {
  name: '0012-themes',
  statements: () => [
    `create table code_keyword (
      code_id text not null references code (id), language text not null, entries text not null,
      primary key (code_id, language))`,
    `create table theme (
      id text primary key, programme_id text not null references programme (id),
      state text not null check (state = 'new' or state = 'code' or state = 'same' or state = 'no'),
      phrases text not null, size integer not null check (size > 0), novelty double precision not null,
      found_at text not null, code_id text references code (id), given text not null default '{}',
      account_id text references account (id), decided_at text,
      check ((state = 'new') = (decided_at is null)),
      check ((state = 'code' or state = 'same') = (code_id is not null)))`,
    `create index theme_programme on theme (programme_id, state, novelty)`,
    `create table theme_answer (
      theme_id text not null references theme (id) on delete cascade, place integer not null,
      response_id text not null, question_key text not null, primary key (theme_id, place),
      foreign key (response_id, question_key) references coding_task (response_id, question_key) on delete cascade)`,
    `create index theme_answer_task on theme_answer (response_id, question_key)`,
    `create table theme_look (
      programme_id text primary key references programme (id), wanted_at text, looked_at text,
      unexplained integer not null default 0)`,
    `create table competitor (
      id text primary key, programme_id text not null references programme (id), key text not null, name text not null,
      state text not null check (state = 'new' or state = 'yes' or state = 'no' or state = 'same'),
      merged_into_id text references competitor (id), root_id text not null references competitor (id),
      account_id text references account (id), decided_at text, created_at text not null,
      unique (programme_id, key), check ((state = 'same') = (merged_into_id is not null)))`,
    `create index competitor_root on competitor (root_id)`,
    `create index competitor_merged on competitor (merged_into_id) where merged_into_id is not null`,
    `create table competitor_answer (
      competitor_id text not null references competitor (id) on delete cascade,
      response_id text not null references response (id) on delete cascade, question_key text not null,
      primary key (competitor_id, response_id, question_key))`,
    `create index competitor_answer_response on competitor_answer (response_id)`,
    `alter table coding_task add column names_read integer not null default 0 check (names_read = 0 or names_read = 1)`,
    `create index coding_task_nameless on coding_task (programme_id, created_at) where names_read = 0`,
  ],
};
