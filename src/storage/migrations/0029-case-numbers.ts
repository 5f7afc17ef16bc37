import type { Migration } from '../migration.ts';

/**
 * Where many write at once, the next case number comes from a sequence: a counter row would stay locked until the
 * transaction that took the number ends, and whoever opens a case meanwhile would wait for it.
 */
export const caseNumbers: Migration = {
  name: '0029-case-numbers',
  statements: (engine) =>
    engine === 'postgres'
      ? [
          `create sequence case_number`,
          `select setval('case_number', coalesce((select max(last) from case_counter), 0) + 1, false)`,
        ]
      : [],
};
