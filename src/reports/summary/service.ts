import type { Job } from '../../scheduler/index.ts';
import type { Figures } from '../../retention/index.ts';
import type { MeasuresDeps } from '../measures.ts';
import type { Risk } from '../risk/service.ts';

export type Summary = ReturnType<typeof createSummary>;

export interface SummaryDeps extends MeasuresDeps {
  risk: Risk;
  measure: Figures['measure'];
}

/** The month on one page, for managers. */
export function createSummary(_deps: SummaryDeps) {
  const jobs: Job[] = [];
  return { jobs };
}
