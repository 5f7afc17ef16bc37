import type { Migration } from '../migration.ts';

/** Every saving of these is kept. */
const KEPT = ['payment_setting', 'anniversary_setting', 'value_setting', 'risk_setting'];

const counted = (table: string): string[] => [
  `alter table ${table} add column revision integer not null default 0`,
  `update ${table} set revision = (select count(*) from ${table} earlier where earlier.id <= ${table}.id)`,
  `create unique index ${table}_revision on ${table} (revision)`,
];

/**
 * Of two people who change the same settings at once, the second is told instead of undoing what the first did. What a
 * customer usually needs next is told on its day; what stands there by now was told with the purchase before it.
 */
export const once: Migration = {
  name: '0055-once',
  statements: () => [
    ...KEPT.flatMap(counted),
    `alter table case_setting add column revision integer not null default 1`,
    `alter table next_need add column noticed integer not null default 0 check (noticed in (0, 1))`,
    `update next_need set noticed = 1`,
    `create index next_need_unnoticed on next_need (ask_from, customer_id) where noticed = 0`,
  ],
};
