import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { NotFound } from '../../shared/errors.ts';
import type { Db } from '../../storage/index.ts';
import type { PaymentDeps } from './deps.ts';
import type { WholePlan } from './plan-interface.ts';
import { instalmentsOf, type Terms } from './plan-rules.ts';
import { instalmentsOfPlan, plansOfCase, type PlanRow } from './plan-store.ts';

const FIRST_IN_DAYS = 14;

export const termsOf = (plan: PlanRow): Terms => ({
  totalMinor: plan.total_minor,
  instalments: plan.instalments,
  rhythm: plan.rhythm,
  firstOn: plan.first_on,
});

/** Every plan of a case with its instalments, the newest first. */
export async function wholePlans(db: Db, caseId: string): Promise<WholePlan[]> {
  const plans: WholePlan[] = [];
  for (const plan of await plansOfCase(db, caseId)) plans.push(await whole(db, plan));
  return plans;
}

async function whole(db: Db, plan: PlanRow): Promise<WholePlan> {
  const kept = await instalmentsOfPlan(db, plan.id);
  return { plan, instalments: kept.length > 0 ? kept : instalmentsBy(plan) };
}

/** As they are when a plan is agreed: nothing has come yet. */
export function instalmentsBy(plan: PlanRow) {
  return instalmentsOf(termsOf(plan)).map(({ number, dueOn, amountMinor }) => ({
    plan_id: plan.id,
    number,
    due_on: dueOn,
    amount_minor: amountMinor,
    paid_on: null,
    paid_how: null,
    noted_by: null,
    missed_at: null,
  }));
}

/** The plan that is suggested or agreed; there is at most one. */
export async function spokenOf(db: Db, caseId: string): Promise<PlanRow | undefined> {
  return (await plansOfCase(db, caseId)).find(({ state }) => state === 'proposed' || state === 'agreed');
}

/** @throws NotFound for a plan of another case */
export async function planOf(db: Db, caseId: string, planId: string): Promise<PlanRow> {
  const plan = (await plansOfCase(db, caseId)).find(({ id }) => id === planId);
  if (!plan) throw new NotFound();
  return plan;
}

/** In two weeks, and on the first of the next two months: 'YYYY-MM-DD', in order. */
export async function firstDays(deps: Pick<PaymentDeps, 'accounts' | 'clock'>): Promise<string[]> {
  const { timeZone } = await deps.accounts.company();
  const today = dayIn(timeZone, deps.clock.now());
  const thisMonth = `${today.slice(0, 8)}01`;
  const firsts = [1, 2].map((months) => addMonths(thisMonth, months));
  return [...new Set([addDays(today, FIRST_IN_DAYS), ...firsts])].sort();
}
