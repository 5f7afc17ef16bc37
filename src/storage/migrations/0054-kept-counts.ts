import type { Migration } from '../migration.ts';

const NAMING = `select count(distinct a.response_id) from competitor m
  join competitor_answer a on a.competitor_id = m.id where m.root_id = competitor.id`;

/**
 * Who left and has come back since was read one by one for "what changed". They are summed up beside those who are gone; all is
 * summed up anew in the background. In how many responses a competitor is named was counted at each look, and names put in
 * order: the count stands beside the name, and an index has their order.
 */
export const keptCounts: Migration = {
  name: '0054-kept-counts',
  statements: () => [
    `delete from leaver_span where field = 'months'`,
    `alter table competitor add column responses integer not null default 0`,
    `update competitor set responses = (${NAMING}) where state <> 'same'`,
    `create index competitor_ranked on competitor (programme_id, state, responses desc, key)`,
  ],
};
