import type { Migration } from '../migration.ts';

/** One in five audited answers is coded by two people, neither of whom sees the other's codes; the audit's own queue. */
export const doubleCoding: Migration = {
  name: '0011-double-coding',
  statements: () => [
    `create table double_coding (
      response_id text not null, question_key text not null, programme_id text not null references programme (id),
      state text not null check (state in ('waiting', 'agreed', 'differing', 'settled')),
      random_number double precision not null, skipped_at text,
      first_by text not null references account (id), first_at text not null, first_codes text not null,
      second_by text references account (id), second_at text, second_codes text,
      settled_by text references account (id), settled_at text,
      primary key (response_id, question_key),
      foreign key (response_id, question_key) references coding_task (response_id, question_key) on delete cascade,
      check ((second_at is null) = (state = 'waiting')), check (first_by <> second_by))`,
    `create index double_coding_waiting on double_coding (programme_id, random_number) where state = 'waiting'`,
    `create index double_coding_differing on double_coding (programme_id, second_at, response_id)
      where state = 'differing'`,
    `create index double_coding_done on double_coding (programme_id, second_at) where second_at is not null`,
    `create index double_coding_second on double_coding (second_by, second_at) where second_at is not null`,
    `create index coding_task_to_check on coding_task (programme_id, random_number)
      where inclusion is not null and (state = 'open' or blind = 0)`,
    `create index coding_task_checked on coding_task (programme_id, state, blind, skipped_at, inclusion)
      where inclusion is not null`,
  ],
};
