import type { Figure } from '../../retention/index.ts';
import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';
import { createRollup } from '../rollups.ts';
import type { Period } from '../rules.ts';
import type { PeriodChurn } from './calendar.ts';
import { countAll, lastCounted } from './counted.ts';
import { churnIn, survivalReport, type SurvivalQuery } from './report.ts';

export type Survival = ReturnType<typeof createSurvival>;

/** How long customers stay. */
export function createSurvival(deps: InsightDeps) {
  const rollup = createRollup(deps, 'survival', (today, goesOn) => countAll(deps, today, goesOn));
  const counted = () => lastCounted(deps, rollup);
  const jobs: Job[] = [rollup.job];
  return {
    jobs,
    refresh: rollup.refresh,
    report: async (query: SurvivalQuery) => await survivalReport(deps.storage.read, await counted(), query),
    /** Both days included; days before leavings were on record, and days to come, do not count. */
    churn: async (period: Period): Promise<PeriodChurn> => churnIn(await counted(), period),
    /** 1 - yearly churn: who would stay a year at the period's rate; of all who were customers in it. */
    retention: async (period: Period): Promise<Figure> => retentionOf(churnIn(await counted(), period)),
    /** The same of several periods, read at once. */
    async retentions(periods: Period[]): Promise<Figure[]> {
      const known = await counted();
      return periods.map((period) => retentionOf(churnIn(known, period)));
    },
  };
}

function retentionOf({ retention, customers }: PeriodChurn): Figure {
  const { share = null, low = null, high = null } = retention ?? {};
  return { value: share, low, high, base: customers, unit: 'share' };
}
