import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';
import type { Value } from '../value/service.ts';

export type Risk = ReturnType<typeof createRisk>;

export interface RiskDeps extends InsightDeps {
  value: Value;
}

/** Who has left, and who is about to. */
export function createRisk(_deps: RiskDeps) {
  const jobs: Job[] = [];
  return { jobs };
}
