import type { Migration } from '../migration.ts';

/** Leavers summed up by day and month, so that what the report costs does not grow with them. */
export const leavingSums: Migration = {
  name: '0022-leaving',
  statements: (engine) => [
    `create table leaver_span (
      field text not null, span text not null, value text not null, sums text not null,
      primary key (field, span, value))${engine === 'sqlite' ? ' without rowid' : ''}`,
    // A row of its own for each change: whoever changes something waits for nobody else.
    `create table leaver_stale (id text primary key, day text not null)`,
    `create index leaver_stale_day on leaver_stale (day)`,
  ],
};
