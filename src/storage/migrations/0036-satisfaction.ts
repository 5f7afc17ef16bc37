import type { Migration } from '../migration.ts';

/**
 * Sums about satisfaction stand as numbers beside a list of what they count, so that reading a year of them takes a moment; what
 * audits found and the scores of themes are summed up like all else. Figures are counted anew in the background.
 */
export const satisfactionPlaces: Migration = {
  name: '0036-satisfaction',
  statements: () => [
    `create table satisfaction_item (
      place integer primary key, topic text not null, item text not null, unique (topic, item))`,
    `drop table satisfaction_span`,
    `drop table satisfaction_tally`,
    // The answers behind a theme a month at a time: a row for each answer cost more to write than all else together.
    `drop table satisfaction_theme`,
    `create table satisfaction_said (
      code_id text not null, part text not null, question_key text not null, month text not null, answers text not null,
      primary key (code_id, part, question_key, month))`,
    `create index satisfaction_said_month on satisfaction_said (month, part, question_key, code_id)`,
    `create table satisfaction_sum (
      kind text not null check (kind = 'score' or kind = 'code' or kind = 'audited' or kind = 'low'),
      field text not null check (field = '' or field = 'segment' or field = 'country' or field = 'language'),
      value text not null, span text not null, sums text not null, primary key (kind, field, value, span))`,
    `create index satisfaction_sum_made on satisfaction_sum (kind, span)`,
    `delete from satisfaction_state where name like 'month %'`,
    `delete from satisfaction_news`,
    `insert into satisfaction_news (id, on_day) select 'anew ' || on_day, on_day from satisfaction_response group by on_day`,
  ],
};
