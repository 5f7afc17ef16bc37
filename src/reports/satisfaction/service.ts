import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';
import type { Survival } from '../survival/service.ts';

export type Satisfaction = ReturnType<typeof createSatisfaction>;

export interface SatisfactionDeps extends InsightDeps {
  survival: Survival;
}

/** Service, satisfaction and retention, each on its own. */
export function createSatisfaction(_deps: SatisfactionDeps) {
  const jobs: Job[] = [];
  return { jobs };
}
