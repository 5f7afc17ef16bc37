import { invoicesById, unpaidInvoices, unpaidOf, type Customer, type Owed } from '../../customers/index.ts';
import { underLease } from '../../scheduler/index.ts';
import { SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, addMinutes, dayIn } from '../../shared/dates.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { KIND, STEPS, type PaymentDeps } from './deps.ts';
import type { Letters } from './letters.ts';
import { invoicesOfCase, notedInvoices, noteInvoices } from './payment-store.ts';
import type { Plans } from './plan-interface.ts';
import type { PaymentSettings } from './settings-service.ts';
import type { PaymentSetting } from './setting.ts';

export interface Arrears {
  /** Looks at these customers now: opens a case for arrears that are new, and notes what has been paid. */
  look(tx: Tx, customerIds: string[]): Promise<void>;
  /** The same for everybody, once a day and after a change of the settings. */
  lookAtAll(): Promise<void>;
  /** What a case is about: its invoices, paid and unpaid; of a case opened by hand, what is overdue. */
  owedIn(db: Db, theCase: Pick<RecoveryCase, 'id' | 'customerId'>): Promise<Owed[]>;
}

interface Looking extends PaymentDeps {
  settings: PaymentSettings;
  letters: Pick<Letters, 'invite' | 'drop'>;
  plans: Pick<Plans, 'settle'>;
}

const LONG_AGO = '1900-01-01';
/** Good news can wait a day, in minutes. */
const A_DAY = 24 * 60;
const LEASE = 'payment.arrears';
/** Each transaction looks at few customers. */
const SLICE = 200;

/** In minor units. */
export const sumOf = (owed: Owed[]): number => owed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

/** Who is late with what they owe: noticed when invoices come in, and as days pass. */
export function createArrears(deps: PaymentDeps, parts: Pick<Looking, 'settings' | 'letters' | 'plans'>): Arrears {
  const looking: Looking = { ...deps, ...parts };
  let lookedFor = '';
  return {
    async look(tx, customerIds) {
      await openFor(looking, tx, customerIds);
      await settleFor(looking, tx, customerIds);
    },
    async lookAtAll() {
      const setting = await parts.settings.read(deps.storage.read);
      const day = await today(deps);
      const lookingFor = `${day} ${JSON.stringify(setting)}`;
      if (!setting.on || lookingFor === lookedFor) return;
      await underLease(deps.leases, LEASE, async (lease) => {
        await lookThrough(looking, setting, day, () => lease.keep());
        lookedFor = lookingFor;
      });
    },
    owedIn: (db, theCase) => owedIn(deps, db, theCase),
  };
}

async function today({ accounts, clock }: PaymentDeps): Promise<string> {
  return dayIn((await accounts.company()).timeZone, clock.now());
}

/** Opens cases for what these customers owe too long, where that is new. */
async function openFor(looking: Looking, tx: Tx, customerIds: string[]): Promise<void> {
  const { settings, accounts, clock, customers } = looking;
  const setting = await settings.read(tx);
  if (!setting.on) return;
  const day = dayIn((await accounts.companyIn(tx)).timeZone, clock.now());
  const owed = await unpaidOf(tx, customerIds, dueWithin(setting, day));
  const people = await customers.findMany(tx, [...new Set(owed.map(({ customerId }) => customerId))]);
  for (const [customerId, theirs] of Map.groupBy(owed, (each) => each.customerId)) {
    const customer = people.get(customerId);
    if (customer && customer.erasedAt === null) await openOne(looking, tx, customer, theirs, setting);
  }
}

/** The days on which an invoice was due that opens a case. */
const dueWithin = ({ days, mostDays }: PaymentSetting, day: string) => ({
  from: addDays(day, -mostDays),
  upto: addDays(day, -days),
});

async function openOne(
  { clock, cases, letters }: Looking,
  tx: Tx,
  { id: customerId, language }: Customer,
  owed: Owed[],
  { leastMinor, invitesItself }: PaymentSetting,
): Promise<void> {
  const fresh = await notNoted(tx, owed);
  const [oldest] = fresh;
  if (!oldest || sumOf(owed) < leastMinor) return;
  const cause = { origin: 'invoice' as const, originId: oldest.id };
  const { caseId, opened } = await cases.open(tx, SYSTEM, { kind: KIND, customerId, ...cause, words: '', language });
  const about = fresh.map(({ id }) => id);
  await noteInvoices(tx, caseId, about, timestamp(clock));
  if (opened && invitesItself) await letters.invite(tx, SYSTEM, caseId);
}

/** Those that have not led to a case yet. */
async function notNoted(db: Db, owed: Owed[]): Promise<Owed[]> {
  const ids = owed.map(({ id }) => id);
  const noted = await notedInvoices(db, ids);
  return owed.filter(({ id }) => !noted.has(id));
}

async function settleFor(looking: Looking, tx: Tx, customerIds: string[]): Promise<void> {
  const open = await looking.cases.openOf(tx, customerIds, KIND);
  for (const theCase of [...open.values()].flat()) await settleOne(looking, tx, theCase);
}

/** Invoices that were paid pay instalments; where nothing is owed any more, there is nothing to invite to. */
async function settleOne({ clock, plans, letters, cases }: Looking, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const { id: caseId, nextStep } = theCase;
  const ids = await invoicesOfCase(tx, caseId);
  if (ids.length === 0) return;
  const owed = await invoicesById(tx, ids);
  const paid = owed.filter(({ paidOn }) => paidOn !== null);
  await plans.settle(tx, caseId, sumOf(paid));
  if (paid.length < owed.length || nextStep === STEPS.paid) return;
  await letters.drop(tx, SYSTEM, caseId);
  await cases.note(tx, SYSTEM, caseId, { kind: 'paymentPaid' });
  await cases.setNext(tx, caseId, { step: STEPS.paid, dueAt: addMinutes(timestamp(clock), A_DAY) });
}

/** Everybody, a slice at a time, until `keep` says that somebody else does it. */
async function lookThrough(
  looking: Looking,
  setting: PaymentSetting,
  day: string,
  keep: () => Promise<boolean>,
): Promise<void> {
  const { storage } = looking;
  for (let after: { dueOn: string; id: string } | null = null; await keep();) {
    const slice: Owed[] = await unpaidInvoices(storage.read, dueWithin(setting, day), after, SLICE);
    const fresh = await notNoted(storage.read, slice);
    const customerIds = [...new Set(fresh.map(({ customerId }) => customerId))];
    if (customerIds.length > 0) await storage.transaction((tx) => openFor(looking, tx, customerIds));
    const last = slice.at(-1);
    if (slice.length < SLICE || !last) return;
    after = { dueOn: last.dueOn, id: last.id };
  }
}

async function owedIn(
  deps: PaymentDeps,
  db: Db,
  { id, customerId }: Pick<RecoveryCase, 'id' | 'customerId'>,
): Promise<Owed[]> {
  const ids = await invoicesOfCase(db, id);
  if (ids.length > 0) return await invoicesById(db, ids);
  if (customerId === null) return [];
  return await unpaidOf(db, [customerId], { from: LONG_AGO, upto: addDays(await today(deps), -1) });
}
