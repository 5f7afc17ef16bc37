import type { Migration } from '../migration.ts';

/**
 * Why they leave looked each drawn answer up in two large tables to learn whether its customer is in the filter: this index
 * alone says so, and what the figures need besides.
 */
export const leavingIndex: Migration = {
  name: '0039-leaving-sums',
  statements: () => [
    `create index leaver_response on leaver
      (response_id, left_on, segment, country, language, tenure_band, value_band, main_code_id, lost_minor, customer_id)
      where response_id is not null`,
  ],
};
