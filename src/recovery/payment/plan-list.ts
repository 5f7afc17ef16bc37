import { page, type Page, type Reader } from '../../storage/index.ts';
import type { Plans, WholePlan } from './plan-interface.ts';
import { listPlanKeys, type PlanFilter } from './plan-list-store.ts';

export type { PlanFilter };

export const PLAN_STATES = ['proposed', 'agreed', 'declined', 'withdrawn', 'done', 'ended'] as const;

/** Plans of all cases, the newest first, before the one of that id. */
export function createPlanList(read: Reader, { ofCase }: Pick<Plans, 'ofCase'>) {
  return async (filter: PlanFilter, before: string | null, limit: number): Promise<Page<WholePlan>> => {
    const { rows, next } = page(await listPlanKeys(read, filter, before, limit + 1), limit, ({ id }) => id);
    const byCase = new Map<string, WholePlan[]>();
    for (const caseId of new Set(rows.map((row) => row.case_id))) byCase.set(caseId, await ofCase(read, caseId));
    const found = rows.flatMap((row) => byCase.get(row.case_id)?.find(({ plan }) => plan.id === row.id) ?? []);
    return { rows: found, next };
  };
}
