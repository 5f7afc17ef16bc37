import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';

export type Value = ReturnType<typeof createValue>;

/** What each customer is worth, and what is being lost. */
export function createValue(_deps: InsightDeps) {
  const jobs: Job[] = [];
  return { jobs };
}
