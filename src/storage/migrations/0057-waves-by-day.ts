import type { Migration } from '../migration.ts';

/** Whether answers are still coming in, and how many answered in a year, is asked of the waves of some weeks or months. */
export const wavesByDay: Migration = {
  name: '0057-waves-by-day',
  statements: () => [`create index wave_started on wave (started_at)`],
};
