import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { Conflict, Forbidden, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { workingDaysLater, workingMinutesLater } from '../cases/working-time.ts';
import { STEPS, type PaymentDeps } from './deps.ts';
import type { Letters } from './letters.ts';
import { coveredBy, instalmentsOf, isPossible, mayAgree, type Role, type Terms } from './plan-rules.ts';
import * as store from './plan-store.ts';
import type { InstalmentRow, PlanRow } from './plan-store.ts';
import type { PaymentSettings } from './settings-service.ts';

export interface WholePlan {
  plan: PlanRow;
  /** Agreed ones as they stand; of a proposal, as they would be. */
  instalments: Pick<InstalmentRow, 'number' | 'due_on' | 'amount_minor' | 'paid_on' | 'paid_how' | 'missed_at'>[];
}

/** A colleague, and what their role allows. */
export interface Colleague {
  actor: Actor;
  role: Role;
}

export interface Plans {
  /** The newest first; the first may be the one that is spoken of. */
  ofCase(db: Db, caseId: string): Promise<WholePlan[]>;
  /** Days on which a first instalment can be due. */
  firstDays(): Promise<string[]>;
  /** The customer proposes; in place of what they proposed before. @throws Conflict where something is agreed */
  proposeAsCustomer(theCase: RecoveryCase, terms: Terms): Promise<void>;
  /** Takes back their own proposal. */
  withdraw(theCase: RecoveryCase): Promise<void>;
  /** The customer says yes to what a colleague proposed. @throws Conflict */
  accept(theCase: RecoveryCase, planId: string): Promise<void>;
  /** In place of whatever was proposed; `spoken`: the customer has said yes already. @throws Conflict, Forbidden */
  propose(by: Colleague, theCase: RecoveryCase, terms: Terms, spoken: boolean): Promise<void>;
  /** @throws Conflict where it is no longer as they saw it, Forbidden above their limits */
  agree(by: Colleague, caseId: string, planId: string, revision: number): Promise<void>;
  decline(actor: Actor, caseId: string, planId: string, revision: number, reason: string): Promise<void>;
  /** An agreed plan does not go on. */
  end(actor: Actor, caseId: string, planId: string, revision: number, reason: string): Promise<void>;
  notePaid(actor: Actor, caseId: string, planId: string, number: number): Promise<void>;
  takePaidBack(actor: Actor, caseId: string, planId: string, number: number): Promise<void>;
  /** Invoices of the case worth so much are paid: that covers the first instalments. */
  settle(tx: Tx, caseId: string, paidMinor: number): Promise<void>;
  /** Tells colleagues of instalments that have not come. Nobody writes to the customer by itself. */
  lookForMissed(): Promise<void>;
}

interface Parts {
  settings: PaymentSettings;
  letters: Pick<Letters, 'sayAgreed' | 'drop'>;
}

/** So long a payment may take to arrive. */
const GRACE_DAYS = 3;
const MISSED_AT_ONCE = 100;
const SOON_MINUTES = 4 * 60;
const LEASE = 'payment.missed';
const FIRST_IN_DAYS = 14;

export function createPlans(deps: PaymentDeps, { settings, letters }: Parts): Plans {
  const { storage, clock, accounts, customers, cases, leases } = deps;
  const now = () => timestamp(clock);
  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());

  async function whole(db: Db, plan: PlanRow): Promise<WholePlan> {
    const kept = await store.instalmentsOfPlan(db, plan.id);
    if (kept.length > 0) return { plan, instalments: kept };
    const open = { paid_on: null, paid_how: null, missed_at: null };
    const would = instalmentsOf(termsOf(plan));
    return {
      plan,
      instalments: would.map(({ number, dueOn, amountMinor }) => ({
        number,
        due_on: dueOn,
        amount_minor: amountMinor,
        ...open,
      })),
    };
  }

  async function spokenOf(tx: Tx, caseId: string): Promise<PlanRow | undefined> {
    return (await store.plansOfCase(tx, caseId)).find(({ state }) => state === 'proposed' || state === 'agreed');
  }

  async function need(tx: Tx, caseId: string, planId: string): Promise<PlanRow> {
    const plan = (await store.plansOfCase(tx, caseId)).find(({ id }) => id === planId);
    if (!plan) throw new NotFound();
    return plan;
  }

  /** Whatever was proposed before makes room; what was agreed does not. */
  async function put(tx: Tx, theCase: RecoveryCase, terms: Terms, by: Pick<PlanRow, 'by_customer' | 'proposed_by'>) {
    const { id: caseId, customerId } = theCase;
    if (customerId === null || !isPossible(terms)) throw new Conflict('payment.error.impossible');
    const before = await spokenOf(tx, caseId);
    if (before?.state === 'agreed') throw new Conflict('payment.error.agreed');
    if (before) await store.movePlan(tx, { id: before.id, from: 'proposed' }, { state: 'withdrawn', ended_at: now() });
    const plan: PlanRow = {
      id: newId(clock),
      case_id: caseId,
      customer_id: customerId,
      state: 'proposed',
      total_minor: terms.totalMinor,
      instalments: terms.instalments,
      rhythm: terms.rhythm,
      first_on: terms.firstOn,
      ...by,
      proposed_at: now(),
      decided_by: null,
      decided_at: null,
      ended_at: null,
      reason: '',
      revision: 0,
    };
    if (!(await store.insertPlan(tx, plan))) throw new Conflict('error.changed');
    return plan;
  }

  async function settleOn(tx: Tx, actor: Actor, theCase: RecoveryCase, plan: PlanRow, revision?: number) {
    const decided = { state: 'agreed' as const, decided_by: accountOf(actor), decided_at: now() };
    if (!(await store.movePlan(tx, { id: plan.id, from: 'proposed', revision }, decided)))
      throw new Conflict('error.changed');
    const parts = instalmentsOf(termsOf(plan));
    const open = { paid_on: null, paid_how: null, noted_by: null, missed_at: null };
    const rows = parts.map(({ number, dueOn, amountMinor }) => ({
      plan_id: plan.id,
      number,
      due_on: dueOn,
      amount_minor: amountMinor,
      ...open,
    }));
    await store.insertInstalments(tx, rows);
    await letters.drop(tx, actor, theCase.id);
    await tell(tx, actor, theCase.id, plan, 'agreed');
    await letters.sayAgreed(tx, theCase);
    await waitFor(tx, theCase.id, parts[0]?.dueOn ?? plan.first_on);
  }

  /** Nothing is to be done until an instalment should have come. */
  async function waitFor(tx: Tx, caseId: string, dueOn: string): Promise<void> {
    await cases.awaitCustomer(tx, caseId, `${addDays(dueOn, GRACE_DAYS)}T08:00:00.000Z`);
  }

  async function tell(tx: Tx, actor: Actor, caseId: string, plan: PlanRow, what: string, fromCustomer = false) {
    const values = { count: plan.instalments, amountMinor: plan.total_minor };
    const kind = `payment${what.charAt(0).toUpperCase()}${what.slice(1)}`;
    await cases.note(tx, actor, caseId, {
      kind,
      words: plan.reason,
      detail: { count: plan.instalments },
      fromCustomer,
    });
    const event = {
      customerId: plan.customer_id,
      kind: `payment.${what}`,
      subjectId: caseId,
      accountId: accountOf(actor),
    };
    await customers.recordEvents(tx, [{ ...event, detail: values }]);
    const audited = { id: plan.id, count: plan.instalments, minor: plan.total_minor };
    await accounts.audit(tx, actor, `payment.${what}`, { kind: 'case', id: caseId }, audited);
  }

  async function may(tx: Tx, { role }: Colleague, terms: Terms): Promise<void> {
    if (!mayAgree(role, terms, await settings.read(tx))) throw new Forbidden('payment.error.limit');
  }

  async function finishIfPaid(tx: Tx, actor: Actor, plan: PlanRow): Promise<void> {
    const parts = await store.instalmentsOfPlan(tx, plan.id);
    const next = parts.find(({ paid_on }) => paid_on === null);
    if (next) return await waitFor(tx, plan.case_id, next.due_on);
    if (!(await store.movePlan(tx, { id: plan.id, from: 'agreed' }, { state: 'done', ended_at: now() }))) return;
    await tell(tx, actor, plan.case_id, plan, 'done');
    await cases.setNext(tx, plan.case_id, { step: STEPS.paid, dueAt: now() });
  }

  async function noteMissed(missed: Awaited<ReturnType<typeof store.missedInstalments>>[number]): Promise<void> {
    await storage.transaction(async (tx) => {
      if (!(await store.markMissed(tx, missed.plan_id, missed.number, now()))) return;
      const theCase = await cases.find(tx, missed.case_id);
      if (!theCase || theCase.closedAt !== null) return;
      const dueAt = workingMinutesLater(await accounts.companyIn(tx), now(), SOON_MINUTES);
      await cases.note(tx, SYSTEM, missed.case_id, { kind: 'paymentMissed', detail: { number: missed.number } });
      await cases.setNext(tx, missed.case_id, { step: STEPS.missed, dueAt });
    });
  }

  return {
    async ofCase(db, caseId) {
      const plans: WholePlan[] = [];
      for (const plan of await store.plansOfCase(db, caseId)) plans.push(await whole(db, plan));
      return plans;
    },
    async firstDays() {
      const day = await today();
      const month = `${day.slice(0, 8)}01`;
      const firsts = [1, 2].map((months) => addMonths(month, months));
      return [...new Set([addDays(day, FIRST_IN_DAYS), ...firsts])].sort();
    },
    async proposeAsCustomer(theCase, terms) {
      await storage.transaction(async (tx) => {
        const plan = await put(tx, theCase, terms, { by_customer: 1, proposed_by: null });
        await tell(tx, SYSTEM, theCase.id, plan, 'proposed', true);
        const dueAt = workingDaysLater(await accounts.companyIn(tx), now(), 1);
        await cases.setNext(tx, theCase.id, { step: STEPS.plan, dueAt });
      });
    },
    async withdraw({ id }) {
      await storage.transaction(async (tx) => {
        const plan = await spokenOf(tx, id);
        if (!plan?.by_customer) return;
        const gone = { state: 'withdrawn' as const, ended_at: now() };
        if (!(await store.movePlan(tx, { id: plan.id, from: 'proposed' }, gone))) return;
        await tell(tx, SYSTEM, id, plan, 'withdrawn', true);
      });
    },
    async accept(theCase, planId) {
      await storage.transaction(async (tx) => {
        const plan = await need(tx, theCase.id, planId);
        if (plan.by_customer) throw new Conflict('error.changed');
        await settleOn(tx, SYSTEM, theCase, plan);
      });
    },
    async propose(by, theCase, terms, spoken) {
      await storage.transaction(async (tx) => {
        await may(tx, by, terms);
        const plan = await put(tx, theCase, terms, { by_customer: 0, proposed_by: accountOf(by.actor) });
        if (spoken) return await settleOn(tx, by.actor, theCase, plan);
        await tell(tx, by.actor, theCase.id, plan, 'proposed');
        await cases.awaitCustomer(tx, theCase.id, workingDaysLater(await accounts.companyIn(tx), now(), 10));
      });
    },
    async agree(by, caseId, planId, revision) {
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        await may(tx, by, termsOf(plan));
        const theCase = await cases.find(tx, caseId);
        if (!theCase || theCase.closedAt !== null || !plan.by_customer) throw new Conflict('error.changed');
        await settleOn(tx, by.actor, theCase, plan, revision);
      });
    },
    async decline(actor, caseId, planId, revision, reason) {
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        const declined = {
          state: 'declined' as const,
          decided_by: accountOf(actor),
          decided_at: now(),
          ended_at: now(),
        };
        const moved = await store.movePlan(tx, { id: planId, from: 'proposed', revision }, { ...declined, reason });
        if (!moved) throw new Conflict('error.changed');
        await tell(tx, actor, caseId, { ...plan, reason }, 'declined');
        await cases.setNext(tx, caseId, {
          step: STEPS.call,
          dueAt: workingDaysLater(await accounts.companyIn(tx), now(), 1),
        });
      });
    },
    async end(actor, caseId, planId, revision, reason) {
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        const ended = { state: 'ended' as const, ended_at: now(), reason };
        if (!(await store.movePlan(tx, { id: planId, from: 'agreed', revision }, ended)))
          throw new Conflict('error.changed');
        await tell(tx, actor, caseId, { ...plan, reason }, 'ended');
        await cases.setNext(tx, caseId, {
          step: STEPS.call,
          dueAt: workingDaysLater(await accounts.companyIn(tx), now(), 1),
        });
      });
    },
    async notePaid(actor, caseId, planId, number) {
      const paid = { paid_on: await today(), paid_how: 'hand' as const, noted_by: accountOf(actor) };
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        if (plan.state !== 'agreed' || !(await store.payInstalment(tx, planId, number, paid)))
          throw new Conflict('error.changed');
        await cases.note(tx, actor, caseId, { kind: 'paymentCame', detail: { number } });
        await accounts.audit(tx, actor, 'payment.came', { kind: 'case', id: caseId }, { number });
        await finishIfPaid(tx, actor, plan);
      });
    },
    async takePaidBack(actor, caseId, planId, number) {
      await storage.transaction(async (tx) => {
        const plan = await need(tx, caseId, planId);
        if (plan.state !== 'agreed' || !(await store.unpayInstalment(tx, planId, number)))
          throw new Conflict('error.changed');
        await cases.note(tx, actor, caseId, { kind: 'paymentNotCome', detail: { number } });
        await accounts.audit(tx, actor, 'payment.notCome', { kind: 'case', id: caseId }, { number });
        await finishIfPaid(tx, actor, plan);
      });
    },
    async settle(tx, caseId, paidMinor) {
      const plan = await spokenOf(tx, caseId);
      if (plan?.state !== 'agreed') return;
      const parts = (await whole(tx, plan)).instalments;
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
      for (const { number } of open) await store.payInstalment(tx, plan.id, number, paid);
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

export const termsOf = (plan: PlanRow): Terms => ({
  totalMinor: plan.total_minor,
  instalments: plan.instalments,
  rhythm: plan.rhythm,
  firstOn: plan.first_on,
});
