import type { Migration } from '../migration.ts';

/**
 * Two records of one person become one. The record that went stays as a name for the other, so that its reference, its address
 * and the links that were sent go on leading to the one that was kept. Where both were in one wave, an invitation says which
 * of the two stands for both.
 */
export const merging: Migration = {
  name: '0042-merging',
  statements: () => [
    `alter table customer add column merged_into_id text`,
    `create index customer_merged on customer (merged_into_id) where merged_into_id is not null`,
    `alter table invitation add column joined_id text`,
    // What stands under a customer is found without looking through everybody's.
    `create index schedule_subject_customer on schedule_subject (customer_id)`,
    `create index referral_new_customer on referral (new_customer_id) where new_customer_id is not null`,
  ],
};
