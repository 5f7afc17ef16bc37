import type { Migration } from '../migration.ts';

/**
 * Why they leave, asked of leavers narrowed by several fields at once, was counted leaver by leaver. Those who are alike in all
 * that a filter can ask for are summed up together too, in one row a day and one a month, and with what they bought, where they
 * live and so on besides. All is summed up anew in the background.
 */
export const leaversAlike: Migration = {
  name: '0047-leavers-alike',
  statements: () => [
    `create table leaver_alike (field text not null, span text not null, names text not null, numbers text not null,
      primary key (field, span))`,
    `delete from leaver_span where field = 'months'`,
  ],
};
