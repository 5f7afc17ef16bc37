import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import { STEPS } from './deps.ts';
import { planOf, spokenOf } from './plan-reading.ts';
import { coveredBy } from './plan-rules.ts';
import { instalmentsOfPlan, movePlan, payInstalment, unpayInstalment, type PlanRow } from './plan-store.ts';
import { recordPlan, waitForInstalment, type PlanWork } from './plan-work.ts';

/** A colleague has seen an instalment on the account. @throws NotFound, Conflict where it was noted already */
export async function notePaid(
  work: PlanWork,
  actor: Actor,
  caseId: string,
  planId: string,
  number: number,
): Promise<void> {
  await work.storage.transaction(async (tx) => {
    const paid = { paid_on: await todayIn(work, tx), paid_how: 'hand' as const, noted_by: accountOf(actor) };
    const plan = await planOf(tx, caseId, planId);
    if (plan.state !== 'agreed' || !(await payInstalment(tx, planId, number, paid)))
      throw new Conflict('error.changed');
    await record(work, tx, actor, plan, 'Came', number);
    await work.news.tell(tx, { what: 'came', plan, number, at: timestamp(work.clock) });
    await goOn(work, tx, actor, plan);
  });
}

/** It was noted by mistake. @throws NotFound, Conflict unless a colleague had noted it */
export async function takePaidBack(
  work: PlanWork,
  actor: Actor,
  caseId: string,
  planId: string,
  number: number,
): Promise<void> {
  await work.storage.transaction(async (tx) => {
    const plan = await planOf(tx, caseId, planId);
    if (plan.state !== 'agreed' || !(await unpayInstalment(tx, planId, number))) throw new Conflict('error.changed');
    await record(work, tx, actor, plan, 'NotCome', number);
    await goOn(work, tx, actor, plan);
  });
}

/** Invoices of the case worth so much, in minor units, are paid: that covers the first instalments. */
export async function settle(work: PlanWork, tx: Tx, caseId: string, paidMinor: number): Promise<void> {
  const plan = await spokenOf(tx, caseId);
  if (plan?.state !== 'agreed') return;
  const instalments = await instalmentsOfPlan(tx, plan.id);
  const amounts = instalments.map(({ amount_minor }) => ({ amountMinor: amount_minor }));
  const covered = instalments.slice(0, coveredBy(amounts, paidMinor)).filter(({ paid_on }) => paid_on === null);
  const paid = { paid_on: await todayIn(work, tx), paid_how: 'invoice' as const, noted_by: null };
  for (const { number } of covered) {
    await payInstalment(tx, plan.id, number, paid);
    await work.news.tell(tx, { what: 'came', plan, number, at: timestamp(work.clock) });
  }
  if (covered.length > 0) await goOn(work, tx, SYSTEM, plan);
}

async function todayIn({ accounts, clock }: PlanWork, tx: Tx): Promise<string> {
  return dayIn((await accounts.companyIn(tx)).timeZone, clock.now());
}

/** On the thread, on the customer's timeline, and in the audit log. */
async function record(
  { cases, customers, accounts }: PlanWork,
  tx: Tx,
  actor: Actor,
  { case_id: caseId, customer_id: customerId }: PlanRow,
  what: 'Came' | 'NotCome',
  number: number,
): Promise<void> {
  const kind = what === 'Came' ? 'payment.came' : 'payment.notCome';
  await cases.note(tx, actor, caseId, { kind: `payment${what}`, detail: { number } });
  const event = { customerId, kind, subjectId: caseId, accountId: accountOf(actor) };
  await customers.recordEvents(tx, [{ ...event, detail: { number } }]);
  await accounts.audit(tx, actor, kind, { kind: 'case', id: caseId }, { number });
}

/** The next instalment is awaited; after the last one the plan is done. */
async function goOn(work: PlanWork, tx: Tx, actor: Actor, plan: PlanRow): Promise<void> {
  const next = (await instalmentsOfPlan(tx, plan.id)).find(({ paid_on }) => paid_on === null);
  if (next) return await waitForInstalment(work, tx, plan.case_id, next.due_on);
  const at = timestamp(work.clock);
  if (!(await movePlan(tx, { id: plan.id, from: 'agreed' }, { state: 'done', ended_at: at }))) return;
  await recordPlan(work, tx, actor, plan, 'Done');
  await work.cases.setNext(tx, plan.case_id, { step: STEPS.paid, dueAt: at });
  await work.news.tell(tx, { what: 'done', plan, at });
}
