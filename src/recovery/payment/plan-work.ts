import { accountOf, type Actor } from '../../shared/actor.ts';
import { addDays } from '../../shared/dates.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import { STEPS, type PaymentDeps } from './deps.ts';
import type { Letters } from './letters.ts';
import { GRACE_DAYS, type PlanNews } from './plan-interface.ts';
import type { PlanRow } from './plan-store.ts';
import type { PaymentSettings } from './settings-service.ts';
import { inWorkingDays } from './working-days.ts';

/** What everybody needs who changes a plan. */
export interface PlanWork extends PaymentDeps {
  settings: PaymentSettings;
  letters: Pick<Letters, 'sayAgreed' | 'drop'>;
  news: Hooks<PlanNews>;
}

/** A step of a plan: on the thread, on the customer's timeline, and in the audit log. */
type PlanStep = 'Proposed' | 'Withdrawn' | 'Agreed' | 'Declined' | 'Ended' | 'Done';

/** Writes down what became of a plan; `fromCustomer`: they did it on their own page. */
export async function recordPlan(
  { cases, customers, accounts }: PlanWork,
  tx: Tx,
  actor: Actor,
  plan: PlanRow,
  step: PlanStep,
  fromCustomer = false,
): Promise<void> {
  const { id, case_id: caseId, customer_id: customerId, instalments: count, total_minor: minor, reason } = plan;
  const kind = `payment.${step.toLowerCase()}`;
  await cases.note(tx, actor, caseId, { kind: `payment${step}`, words: reason, detail: { count }, fromCustomer });
  const event = { customerId, kind, subjectId: caseId, accountId: accountOf(actor) };
  await customers.recordEvents(tx, [{ ...event, detail: { count, amountMinor: minor } }]);
  await accounts.audit(tx, actor, kind, { kind: 'case', id: caseId }, { id, count, minor });
}

/** Nothing is to be done until an instalment should have come. */
export async function waitForInstalment({ cases }: PlanWork, tx: Tx, caseId: string, dueOn: string): Promise<void> {
  await cases.awaitCustomer(tx, caseId, `${addDays(dueOn, GRACE_DAYS)}T08:00:00.000Z`);
}

/** Nothing is agreed (any more): somebody calls the customer on the next working day. */
export async function callNext(work: PlanWork, tx: Tx, caseId: string): Promise<void> {
  await work.cases.setNext(tx, caseId, { step: STEPS.call, dueAt: await inWorkingDays(work, tx, 1) });
}
