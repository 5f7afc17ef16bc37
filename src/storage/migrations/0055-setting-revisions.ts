import type { Migration } from '../migration.ts';

/** Every saving of these is kept. */
const KEPT = ['payment_setting', 'anniversary_setting', 'value_setting', 'risk_setting'];

const counted = (table: string): string[] => [
  `alter table ${table} add column revision integer not null default 0`,
  `update ${table} set revision = (select count(*) from ${table} earlier where earlier.id <= ${table}.id)`,
  `create unique index ${table}_revision on ${table} (revision)`,
];

/** Of two people who change the same settings at once, the second is told instead of undoing what the first did. */
export const settingRevisions: Migration = {
  name: '0055-setting-revisions',
  statements: () => [
    ...KEPT.flatMap(counted),
    `alter table case_setting add column revision integer not null default 1`,
  ],
};
