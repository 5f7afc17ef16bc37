import type { Migration } from '../migration.ts';

/**
 * Who left and has come back since was read one by one for "what changed". They are summed up beside those who are gone; all is
 * summed up anew in the background.
 */
export const returnedSums: Migration = {
  name: '0054-returned-sums',
  statements: () => [`delete from leaver_span where field = 'months'`],
};
