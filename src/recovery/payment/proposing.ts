import { accountOf, SYSTEM } from '../../shared/actor.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { agreeTo, needsMay } from './agreeing.ts';
import { STEPS } from './deps.ts';
import type { Colleague } from './plan-interface.ts';
import { spokenOf, termsOf } from './plan-reading.ts';
import { isPossible, type Terms } from './plan-rules.ts';
import { insertPlan, movePlan, type PlanRow } from './plan-store.ts';
import { recordPlan, type PlanWork } from './plan-work.ts';
import { inWorkingDays } from './working-days.ts';

/** Working days in which a colleague looks at what the customer suggests, and the customer at what we suggest. */
const LOOK_DAYS = 1;
const THINK_DAYS = 10;

/** The customer suggests a plan; in place of what they suggested before. @throws Conflict where one is agreed */
export async function proposeAsCustomer(work: PlanWork, theCase: RecoveryCase, terms: Terms): Promise<void> {
  await work.storage.transaction(async (tx) => {
    const { plan, fresh } = await propose(work, tx, theCase, terms, { by_customer: 1, proposed_by: null });
    if (!fresh) return;
    await recordPlan(work, tx, SYSTEM, plan, 'Proposed', true);
    await work.news.tell(tx, { what: 'proposed', plan, at: plan.proposed_at });
    const dueAt = await inWorkingDays(work, tx, LOOK_DAYS);
    await work.cases.setNext(tx, theCase.id, { step: STEPS.plan, dueAt });
  });
}

/** A colleague suggests a plan; `spoken`: the customer has said yes already. @throws Conflict, Forbidden */
export async function proposeAsColleague(
  work: PlanWork,
  by: Colleague,
  theCase: RecoveryCase,
  terms: Terms,
  spoken: boolean,
): Promise<void> {
  await work.storage.transaction(async (tx) => {
    await needsMay(work, tx, by, terms);
    const mine = { by_customer: 0, proposed_by: accountOf(by.actor) };
    const { plan, fresh } = await propose(work, tx, theCase, terms, mine, spoken);
    if (plan.state === 'agreed') return;
    if (spoken) return await agreeTo(work, tx, by.actor, theCase, plan);
    if (!fresh) return;
    await recordPlan(work, tx, by.actor, plan, 'Proposed');
    await work.news.tell(tx, { what: 'proposed', plan, at: plan.proposed_at });
    await work.cases.awaitCustomer(tx, theCase.id, await inWorkingDays(work, tx, THINK_DAYS));
  });
}

/** Whatever else was suggested before makes room; what was agreed does not. The same again is the one that there is. */
async function propose(
  { clock }: PlanWork,
  tx: Tx,
  { id: caseId, customerId }: RecoveryCase,
  terms: Terms,
  by: Pick<PlanRow, 'by_customer' | 'proposed_by'>,
  spoken = false,
): Promise<{ plan: PlanRow; fresh: boolean }> {
  if (customerId === null || !isPossible(terms)) throw new Conflict('payment.error.impossible');
  const asked = { terms, byCustomer: by.by_customer, spoken };
  const before = await spokenOf(tx, caseId);
  if (before && isThat(before, asked)) return { plan: before, fresh: false };
  if (before?.state === 'agreed') throw new Conflict('payment.error.agreed');
  const gone = { state: 'withdrawn' as const, ended_at: timestamp(clock) };
  if (before) await movePlan(tx, { id: before.id, from: 'proposed' }, gone);
  const plan: PlanRow = { ...blank(terms, clock), case_id: caseId, customer_id: customerId, ...by };
  if (await insertPlan(tx, plan)) return { plan, fresh: true };
  // Somebody was faster: perhaps they sent the very same.
  const meanwhile = await spokenOf(tx, caseId);
  if (meanwhile && isThat(meanwhile, asked)) return { plan: meanwhile, fresh: false };
  throw new Conflict('error.changed');
}

/** Whether the very same stands already: suggested by that side, or where the customer has said yes, agreed. */
function isThat(plan: PlanRow, { terms, byCustomer, spoken }: { terms: Terms; byCustomer: number; spoken: boolean }) {
  const stands = plan.state === 'agreed' ? spoken : plan.by_customer === byCustomer;
  const [has, wanted] = [termsOf(plan), terms];
  const sum = Number(has.totalMinor) === wanted.totalMinor && has.instalments === wanted.instalments;
  return stands && sum && has.rhythm === wanted.rhythm && has.firstOn === wanted.firstOn;
}

const blank = (terms: Terms, clock: Clock) => ({
  id: newId(clock),
  state: 'proposed' as const,
  total_minor: terms.totalMinor,
  instalments: terms.instalments,
  rhythm: terms.rhythm,
  first_on: terms.firstOn,
  proposed_at: timestamp(clock),
  decided_by: null,
  decided_at: null,
  ended_at: null,
  reason: '',
  revision: 0,
});

/** The customer takes back their own suggestion; nothing where there is none. */
export async function withdraw(work: PlanWork, { id: caseId }: RecoveryCase): Promise<void> {
  await work.storage.transaction(async (tx) => {
    const plan = await spokenOf(tx, caseId);
    if (!plan?.by_customer) return;
    const gone = { state: 'withdrawn' as const, ended_at: timestamp(work.clock) };
    if (!(await movePlan(tx, { id: plan.id, from: 'proposed' }, gone))) return;
    await recordPlan(work, tx, SYSTEM, plan, 'Withdrawn', true);
  });
}
