import type { Migration } from '../migration.ts';

/** What the engine learned, so that a process that begins need not learn it again; and how often it had to be forgotten. */
export const keptModels: Migration = {
  name: '0021-kept-models',
  statements: () => [
    `create table engine_memory (
      programme_id text primary key references programme (id), forgotten integer not null default 0)`,
    `create table engine_kept (
      programme_id text not null references engine_memory (programme_id), turn integer not null, part integer not null,
      parts integer not null check (part >= 0 and part < parts), groups text not null, content text not null,
      primary key (programme_id, turn, part))`,
  ],
};
