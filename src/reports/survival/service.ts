import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';

export type Survival = ReturnType<typeof createSurvival>;

/** How long customers stay. */
export function createSurvival(_deps: InsightDeps) {
  const jobs: Job[] = [];
  return { jobs };
}
