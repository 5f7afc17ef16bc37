import type { Migration } from '../migration.ts';

/**
 * The list of waves counted every invitation of each at every look. Of waves that are over the counts are kept until something
 * changes in them; then, and before they are kept, a wave is counted as before. A wave that goes on has no row: whoever answers
 * in it finds nothing to write here.
 */
export const waveCounts: Migration = {
  name: '0048-wave-counts',
  statements: () => [
    `create table wave_count (
      wave_id text primary key,
      counts text,
      has_changed integer not null check (has_changed in (0, 1)),
      followed_at text not null)`,
  ],
};
