import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';

export type Effect = ReturnType<typeof createEffect>;

/** Whether winning back works. */
export function createEffect(_deps: InsightDeps) {
  const jobs: Job[] = [];
  return { jobs };
}
