import type { Migration } from '../migration.ts';

/**
 * Why they leave, asked of leavers narrowed by several fields at once, was counted leaver by leaver. Those who are alike in all
 * that a filter can ask for are summed up together too, in one row a day and one a month. All is summed up anew in the background.
 */
export const leavingGroups: Migration = {
  name: '0049-leaving-groups',
  statements: () => [
    `create table leaver_group (span text primary key, names text not null, numbers text not null)`,
    `delete from leaver_span where field = 'months'`,
  ],
};
