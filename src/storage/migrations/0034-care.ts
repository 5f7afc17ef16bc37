import type { Migration } from '../migration.ts';

/** An offer of the catalogue that comes with a card, and when a customer was written to about what they were given. */
export const care: Migration = {
  name: '0034-care',
  statements: () => [
    `alter table greeting add column offer_given_id text references offer_given (id)`,
    `alter table offer_given add column told_at text`,
  ],
};
