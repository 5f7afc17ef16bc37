import { background } from '../scheduler/index.ts';
import type { InsightDeps } from './deps.ts';
import { createEffect } from './effect/service.ts';
import { createMeasures } from './measures.ts';
import { createRisk } from './risk/service.ts';
import { createSatisfaction } from './satisfaction/service.ts';
import { createSummary } from './summary/service.ts';
import { createSurvival } from './survival/service.ts';
import { createValue } from './value/service.ts';

export type Insight = ReturnType<typeof createInsight>;

/** What the answers, purchases and cases say together. */
export function createInsight(deps: InsightDeps) {
  const value = createValue(deps);
  const risk = createRisk({ ...deps, value });
  const effect = createEffect({ ...deps, value });
  const survival = createSurvival(deps);
  const satisfaction = createSatisfaction({ ...deps, survival });
  const measure = createMeasures({ ...deps, value, effect, survival, satisfaction });
  const summary = createSummary({ ...deps, value, risk, effect, survival, satisfaction, measure });
  const leaving = { jobs: [() => deps.reports.sumUp(deps.leases)] };
  const jobs = [leaving, value, risk, effect, survival, satisfaction, summary].flatMap((part) => part.jobs);
  return {
    value,
    risk,
    effect,
    survival,
    satisfaction,
    summary,
    measure,
    ...background(jobs, deps, 'background work of reports failed'),
  };
}
