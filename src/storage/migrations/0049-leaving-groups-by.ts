import type { Migration } from '../migration.ts';

/**
 * Reasons by what leavers bought, where they live and so on, of some leavers alone, were counted leaver by leaver: groups are
 * kept with each of these fields besides.
 */
export const leavingGroupsBy: Migration = {
  name: '0049-leaving-groups-by',
  statements: () => [
    `drop table leaver_group`,
    `create table leaver_alike (field text not null, span text not null, names text not null, numbers text not null,
      primary key (field, span))`,
    `delete from leaver_span where field = 'months'`,
  ],
};
