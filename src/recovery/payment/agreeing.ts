import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Forbidden } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { Colleague } from './plan-interface.ts';
import { instalmentsBy, planOf, termsOf } from './plan-reading.ts';
import { mayAgree, type Terms } from './plan-rules.ts';
import { insertInstalments, movePlan, type PlanRow } from './plan-store.ts';
import { callNext, recordPlan, waitForInstalment, type PlanWork } from './plan-work.ts';

/** The customer says yes to what a colleague suggested. @throws NotFound, Conflict */
export async function accept(work: PlanWork, theCase: RecoveryCase, planId: string): Promise<void> {
  await work.storage.transaction(async (tx) => {
    const plan = await planOf(tx, theCase.id, planId);
    if (plan.by_customer) throw new Conflict('error.changed');
    await agreeTo(work, tx, SYSTEM, theCase, plan);
  });
}

/** A colleague says yes to what the customer suggested, as they saw it. @throws NotFound, Conflict, Forbidden */
export async function agree(
  work: PlanWork,
  by: Colleague,
  caseId: string,
  planId: string,
  revision: number,
): Promise<void> {
  await work.storage.transaction(async (tx) => {
    const plan = await planOf(tx, caseId, planId);
    await needsMay(work, tx, by, termsOf(plan));
    const theCase = await work.cases.find(tx, caseId);
    if (!theCase || theCase.closedAt !== null || !plan.by_customer) throw new Conflict('error.changed');
    await agreeTo(work, tx, by.actor, theCase, plan, revision);
  });
}

/** @throws Forbidden above the colleague's limits */
export async function needsMay({ settings }: PlanWork, tx: Tx, { role }: Colleague, terms: Terms): Promise<void> {
  if (!mayAgree(role, terms, await settings.read(tx))) throw new Forbidden('payment.error.limit');
}

/** From now on the plan stands, and its instalments are awaited. @throws Conflict unless it is still suggested */
export async function agreeTo(
  work: PlanWork,
  tx: Tx,
  actor: Actor,
  theCase: RecoveryCase,
  plan: PlanRow,
  revision?: number,
): Promise<void> {
  const at = timestamp(work.clock);
  const agreed = { state: 'agreed' as const, decided_by: accountOf(actor), decided_at: at };
  if (!(await movePlan(tx, { id: plan.id, from: 'proposed', revision }, agreed))) throw new Conflict('error.changed');
  const instalments = instalmentsBy(plan);
  await insertInstalments(tx, instalments);
  await work.letters.drop(tx, actor, theCase.id);
  await recordPlan(work, tx, actor, plan, 'Agreed');
  await work.letters.sayAgreed(tx, theCase);
  await waitForInstalment(work, tx, theCase.id, instalments[0]?.due_on ?? plan.first_on);
  await work.news.tell(tx, { what: 'agreed', plan, at });
}

/** A colleague says no to what the customer suggested, with a reason, and will call. @throws NotFound, Conflict */
export async function decline(
  work: PlanWork,
  actor: Actor,
  caseId: string,
  planId: string,
  revision: number,
  reason: string,
): Promise<void> {
  const at = timestamp(work.clock);
  const declined = { state: 'declined' as const, decided_by: accountOf(actor), decided_at: at, ended_at: at, reason };
  await work.storage.transaction(async (tx) => {
    const plan = await planOf(tx, caseId, planId);
    if (!(await movePlan(tx, { id: planId, from: 'proposed', revision }, declined)))
      throw new Conflict('error.changed');
    await recordPlan(work, tx, actor, { ...plan, reason }, 'Declined');
    await callNext(work, tx, caseId);
  });
}

/** An agreed plan does not go on, for a reason; a colleague will call. @throws NotFound, Conflict */
export async function end(
  work: PlanWork,
  actor: Actor,
  caseId: string,
  planId: string,
  revision: number,
  reason: string,
): Promise<void> {
  const at = timestamp(work.clock);
  const ended = { state: 'ended' as const, ended_at: at, reason };
  await work.storage.transaction(async (tx) => {
    const plan = await planOf(tx, caseId, planId);
    if (!(await movePlan(tx, { id: planId, from: 'agreed', revision }, ended))) throw new Conflict('error.changed');
    await recordPlan(work, tx, actor, { ...plan, reason }, 'Ended');
    await work.news.tell(tx, { what: 'ended', plan, at });
    await callNext(work, tx, caseId);
  });
}
