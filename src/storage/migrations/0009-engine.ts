import type { Migration } from '../migration.ts';

/** What the engine learned, when, and what it makes of each answer. */
export const engine: Migration = {
  name: '0009-engine',
  statements: () => [
    `create table engine_model (
      id text primary key, programme_id text not null references programme (id), turn integer not null check (turn > 0),
      state text not null check (state = 'in_use' or state = 'past' or state = 'declined'),
      codebook_revision integer not null, learned_until text not null, answers integer not null check (answers >= 0),
      figures text not null, account_id text references account (id), created_at text not null,
      unique (programme_id, turn))`,
    `create unique index engine_model_in_use on engine_model (programme_id) where state = 'in_use'`,
    `create table engine_opinion (
      response_id text not null, question_key text not null, turn integer not null, chances text not null, why text not null,
      primary key (response_id, question_key),
      foreign key (response_id, question_key) references coding_task (response_id, question_key) on delete cascade)`,
    `alter table coding_task add column engine_turn integer not null default 0`,
    `create index coding_task_unread on coding_task (programme_id, engine_turn, created_at)`,
    `create index coding_task_done on coding_task (programme_id, coded_at) where state = 'coded'`,
    `create index coding_task_random on coding_task (programme_id, random_number)`,
  ],
};
