import type { Migration } from '../migration.ts';

/** The month on one page as it was, the letters that brought it, and who wants none. */
export const summary: Migration = {
  name: '0028-summary',
  statements: () => [
    `create table monthly_summary (
      month text primary key, computed_at text not null, content text not null, told_at text)`,
    `create table summary_letter (
      month text not null references monthly_summary (month), account_id text not null references account (id),
      queued_at text not null, primary key (month, account_id))`,
    `create table summary_refusal (account_id text primary key references account (id), refused_at text not null)`,
    `create index recovery_case_opened on recovery_case (opened_at, kind)`,
    `create index recovery_case_standing on recovery_case (kind, next_due_at) where closed_at is null`,
  ],
};
