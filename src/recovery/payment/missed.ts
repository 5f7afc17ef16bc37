import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { underLease } from '../../scheduler/index.ts';
import { workingMinutesLater } from '../cases/working-time.ts';
import { STEPS } from './deps.ts';
import { GRACE_DAYS } from './plan-interface.ts';
import { markMissed, missedInstalments, type MissedInstalment } from './plan-store.ts';
import type { PlanWork } from './plan-work.ts';

const MISSED_AT_ONCE = 100;
const SOON_MINUTES = 4 * 60;
const LEASE = 'payment.missed';

/** Tells colleagues of instalments that have not come. Nobody writes to the customer by itself. */
export async function lookForMissed(work: PlanWork): Promise<void> {
  await underLease(work.leases, LEASE, async (lease) => {
    const { timeZone } = await work.accounts.company();
    const before = addDays(dayIn(timeZone, work.clock.now()), -GRACE_DAYS);
    const missed = await missedInstalments(work.storage.read, before, MISSED_AT_ONCE);
    for (const each of missed) if (await lease.keep()) await noteMissed(work, each);
  });
}

async function noteMissed(work: PlanWork, missed: MissedInstalment): Promise<void> {
  const { plan_id: planId, case_id: caseId, customer_id, number } = missed;
  const { storage, clock, cases, accounts, news } = work;
  await storage.transaction(async (tx) => {
    const at = timestamp(clock);
    if (!(await markMissed(tx, planId, number, at))) return;
    const theCase = await cases.find(tx, caseId);
    if (!theCase || theCase.closedAt !== null) return;
    const dueAt = workingMinutesLater(await accounts.companyIn(tx), at, SOON_MINUTES);
    await cases.note(tx, SYSTEM, caseId, { kind: 'paymentMissed', detail: { number } });
    await cases.setNext(tx, caseId, { step: STEPS.missed, dueAt });
    await news.tell(tx, { what: 'missed', plan: { id: planId, case_id: caseId, customer_id }, number, at });
  });
}
