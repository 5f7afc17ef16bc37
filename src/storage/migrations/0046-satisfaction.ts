import type { Migration } from '../migration.ts';

/**
 * Sums about satisfaction are kept of several fields together too: a page narrowed by two of them counted answer by answer. They
 * are written in a fifth of the room, so that there is space for them, and are counted anew in the background.
 */
export const satisfactionFields: Migration = {
  name: '0046-satisfaction',
  statements: () => [
    `drop table satisfaction_sum`,
    `create table satisfaction_total (
      kind text not null check (kind = 'score' or kind = 'code' or kind = 'audited' or kind = 'low'),
      field text not null check (field in ('', 'segment', 'country', 'language', 'segment country', 'segment language',
        'country language', 'segment country language')),
      value text not null, span text not null, sums text not null, primary key (kind, field, value, span))`,
    `create index satisfaction_total_made on satisfaction_total (kind, field, span, value)`,
    // Nothing is counted answer by answer any more.
    `drop index satisfaction_response_place`,
    `drop index satisfaction_response_segment`,
    `drop index satisfaction_response_country`,
    `delete from satisfaction_state where name like 'month %'`,
    `delete from satisfaction_news`,
    `insert into satisfaction_news (id, on_day) select 'anew ' || on_day, on_day from satisfaction_response group by on_day`,
  ],
};
