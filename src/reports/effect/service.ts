import type { Job } from '../../scheduler/index.ts';
import { createRollup } from '../rollups.ts';
import type { Period } from '../rules.ts';
import { replaceCohorts } from './cohort-store.ts';
import { countDraws } from './cohorts.ts';
import { winbackRate } from './rates.ts';
import { effectReport, type EffectDeps, type EffectQuery } from './report.ts';
import { followReturns } from './returns.ts';
import { noteReturns } from './returns-store.ts';

export type Effect = ReturnType<typeof createEffect>;

/** Whether winning back works. */
export function createEffect(deps: EffectDeps) {
  const { storage, customers } = deps;
  // After the conversation has noted that they are back.
  customers.onChanged(noteReturns);
  const rollup = createRollup(deps, 'effect', async (today, goesOn) => {
    if (!(await followReturns(storage, today, goesOn))) return undefined;
    const cohorts = await countDraws(storage.read, today, goesOn);
    return cohorts && { save: (tx) => replaceCohorts(tx, cohorts), content: '{}' };
  });
  const jobs: Job[] = [rollup.job];
  return {
    jobs,
    refresh: rollup.refresh,
    report: (query: EffectQuery) => effectReport(deps, rollup, query),
    /** Won back / attempted, of those who left in the period; both days included. */
    winbackRate: (period: Period) => winbackRate(storage.read, period),
  };
}
