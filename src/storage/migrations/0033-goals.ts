import type { Migration } from '../migration.ts';

/** A goal that was closed can be taken up again: what was said each time is kept. */
export const goalTurns: Migration = {
  name: '0033-goals',
  statements: () => [
    `create table goal_turn (
      goal_id text not null references goal (id), position integer not null check (position > 0),
      state text not null check (state = 'open' or state = 'reached' or state = 'given_up'), turned_on text not null,
      words text not null, value double precision, account_id text references account (id),
      primary key (goal_id, position))`,
    `insert into goal_turn (goal_id, position, state, turned_on, words, value, account_id)
      select id, 1, state, ended_on, end_words, end_value, ended_by from goal where state <> 'open'`,
  ],
};
