import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { Conflict, Forbidden, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createHooks, type Db, type Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { workingDaysLater } from '../cases/working-time.ts';
import { STEPS, type PaymentDeps } from './deps.ts';
import { createInstalments } from './instalments.ts';
import { GRACE_DAYS, type Colleague, type PlanNews, type Plans, type WholePlan } from './plan-interface.ts';
import type { Letters } from './letters.ts';
import { instalmentsOf, isPossible, mayAgree, type Terms } from './plan-rules.ts';
import * as store from './plan-store.ts';
import type { PlanRow } from './plan-store.ts';
import type { PaymentSettings } from './settings-service.ts';

interface Parts {
  settings: PaymentSettings;
  letters: Pick<Letters, 'sayAgreed' | 'drop'>;
}

const FIRST_IN_DAYS = 14;

export function createPlans(deps: PaymentDeps, { settings, letters }: Parts): Plans {
  const { storage, clock, accounts, customers, cases } = deps;
  const news = createHooks<PlanNews>();
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
    await news.tell(tx, { what: 'agreed', plan, at: decided.decided_at });
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

  return {
    onNews: news.on,
    ...createInstalments(deps, { today, need, spokenOf, tell, waitFor, news }),
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
        await news.tell(tx, { what: 'ended', plan, at: ended.ended_at });
        await cases.setNext(tx, caseId, {
          step: STEPS.call,
          dueAt: workingDaysLater(await accounts.companyIn(tx), now(), 1),
        });
      });
    },
  };
}

export const termsOf = (plan: PlanRow): Terms => ({
  totalMinor: plan.total_minor,
  instalments: plan.instalments,
  rhythm: plan.rhythm,
  firstOn: plan.first_on,
});
