import type { Migration } from '../migration.ts';

/**
 * How many have left is counted in the index of those who left, less the erased ones, who now have an index of their own. What
 * became of the cases closed lately stands in the index of their days; each was looked up in the table for it. Codings that were
 * withdrawn are found by their response; all codings were read for them.
 */
export const counting: Migration = {
  name: '0050-counting',
  statements: () => [
    `create index customer_gone on customer (status) where erased_at is not null`,
    `drop index recovery_case_closed`,
    `create index recovery_case_closed on recovery_case (closed_at, id, kind, settled, merged_into_id)
      where closed_at is not null`,
    `create index coding_past on coding (response_id) where withdrawn_at is not null`,
  ],
};
