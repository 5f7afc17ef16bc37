import type { Migration } from '../migration.ts';

/**
 * The list of waves counted every invitation of each at every look. Of waves that are over the counts are kept; what changes
 * afterwards leaves news, and while there is some the wave is counted as before.
 */
export const waveCounts: Migration = {
  name: '0048-wave-counts',
  statements: () => [
    `create table wave_count (wave_id text primary key, counts text not null, counted_at text not null)`,
    `create table wave_news (id text primary key, wave_id text not null)`,
    `create index wave_news_wave on wave_news (wave_id)`,
  ],
};
