import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import { workingMinutesLater } from '../cases/working-time.ts';
import { STEPS, type PaymentDeps } from './deps.ts';
import { coveredBy } from './plan-rules.ts';
import * as store from './plan-store.ts';
import type { PlanRow } from './plan-store.ts';
import { GRACE_DAYS, type PlanNews, type Plans } from './plan-interface.ts';

interface Parts {
  today(): Promise<string>;
  /** @throws NotFound */
  need(tx: Tx, caseId: string, planId: string): Promise<PlanRow>;
  spokenOf(tx: Tx, caseId: string): Promise<PlanRow | undefined>;
  tell(tx: Tx, actor: Actor, caseId: string, plan: PlanRow, what: string): Promise<void>;
  waitFor(tx: Tx, caseId: string, dueOn: string): Promise<void>;
  news: Hooks<PlanNews>;
}

const MISSED_AT_ONCE = 100;
const SOON_MINUTES = 4 * 60;
const LEASE = 'payment.missed';

/** The parts of an agreed plan: those that came, and those that did not. */
export function createInstalments(
  { storage, clock, accounts, customers, cases, leases }: PaymentDeps,
  { today, need, spokenOf, tell, waitFor, news }: Parts,
): Pick<Plans, 'notePaid' | 'takePaidBack' | 'settle' | 'lookForMissed'> {
  const now = () => timestamp(clock);

  async function finishIfPaid(tx: Tx, actor: Actor, plan: PlanRow): Promise<void> {
    const parts = await store.instalmentsOfPlan(tx, plan.id);
    const next = parts.find(({ paid_on }) => paid_on === null);
    if (next) return await waitFor(tx, plan.case_id, next.due_on);
    const at = now();
    if (!(await store.movePlan(tx, { id: plan.id, from: 'agreed' }, { state: 'done', ended_at: at }))) return;
    await tell(tx, actor, plan.case_id, plan, 'done');
    await cases.setNext(tx, plan.case_id, { step: STEPS.paid, dueAt: at });
    await news.tell(tx, { what: 'done', plan, at });
  }

  async function noteMissed(missed: Awaited<ReturnType<typeof store.missedInstalments>>[number]): Promise<void> {
    await storage.transaction(async (tx) => {
      const at = now();
      if (!(await store.markMissed(tx, missed.plan_id, missed.number, at))) return;
      const theCase = await cases.find(tx, missed.case_id);
      if (!theCase || theCase.closedAt !== null) return;
      const dueAt = workingMinutesLater(await accounts.companyIn(tx), at, SOON_MINUTES);
      await cases.note(tx, SYSTEM, missed.case_id, { kind: 'paymentMissed', detail: { number: missed.number } });
      await cases.setNext(tx, missed.case_id, { step: STEPS.missed, dueAt });
      const plan = { id: missed.plan_id, case_id: missed.case_id, customer_id: missed.customer_id };
      await news.tell(tx, { what: 'missed', plan, number: missed.number, at });
    });
  }

  /** On the thread, on their timeline, and in the audit log. */
  async function record(tx: Tx, actor: Actor, plan: PlanRow, what: 'came' | 'notCome', number: number): Promise<void> {
    const { case_id: caseId, customer_id: customerId } = plan;
    const kind = what === 'came' ? 'paymentCame' : 'paymentNotCome';
    await cases.note(tx, actor, caseId, { kind, detail: { number } });
    const event = { customerId, kind: `payment.${what}`, subjectId: caseId, accountId: accountOf(actor) };
    await customers.recordEvents(tx, [{ ...event, detail: { number } }]);
    await accounts.audit(tx, actor, `payment.${what}`, { kind: 'case', id: caseId }, { number });
  }

  return {
    async notePaid(actor, caseId, planId, number) {
      const paid = { paid_on: await today(), paid_how: 'hand' as const, noted_by: accountOf(actor) };
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        if (plan.state !== 'agreed' || !(await store.payInstalment(tx, planId, number, paid)))
          throw new Conflict('error.changed');
        await record(tx, actor, plan, 'came', number);
        await news.tell(tx, { what: 'came', plan, number, at: now() });
        await finishIfPaid(tx, actor, plan);
      });
    },
    async takePaidBack(actor, caseId, planId, number) {
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        if (plan.state !== 'agreed' || !(await store.unpayInstalment(tx, planId, number)))
          throw new Conflict('error.changed');
        await record(tx, actor, plan, 'notCome', number);
        await finishIfPaid(tx, actor, plan);
      });
    },
    async settle(tx, caseId, paidMinor) {
      const plan = await spokenOf(tx, caseId);
      if (plan?.state !== 'agreed') return;
      const parts = await store.instalmentsOfPlan(tx, plan.id);
      const covered = parts.slice(
        0,
        coveredBy(
          parts.map(({ amount_minor }) => ({ amountMinor: amount_minor })),
          paidMinor,
        ),
      );
      const open = covered.filter(({ paid_on }) => paid_on === null);
      const { timeZone } = await accounts.companyIn(tx);
      const paid = { paid_on: dayIn(timeZone, clock.now()), paid_how: 'invoice' as const, noted_by: null };
      for (const { number } of open) {
        await store.payInstalment(tx, plan.id, number, paid);
        await news.tell(tx, { what: 'came', plan, number, at: now() });
      }
      if (open.length > 0) await finishIfPaid(tx, SYSTEM, plan);
    },
    async lookForMissed() {
      const lease = await leases.take(LEASE);
      if (!lease) return;
      try {
        const before = addDays(await today(), -GRACE_DAYS);
        const missed = await store.missedInstalments(storage.read, before, MISSED_AT_ONCE);
        for (const each of missed) if (await lease.keep()) await noteMissed(each);
      } finally {
        await lease.end();
      }
    },
  };
}
