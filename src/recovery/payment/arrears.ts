import { invoicesById, unpaidInvoices, unpaidOf, type Customer, type Owed } from '../../customers/index.ts';
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

interface Parts {
  settings: PaymentSettings;
  letters: Pick<Letters, 'invite' | 'drop'>;
  plans: Pick<Plans, 'settle'>;
}

const LONG_AGO = '1900-01-01';
const SLICE = 200;
/** Good news can wait a day, in minutes. */
const A_DAY = 24 * 60;
const LEASE = 'payment.arrears';

export const sumOf = (owed: Owed[]): number => owed.reduce((sum, { amountMinor }) => sum + amountMinor, 0);

export function createArrears(deps: PaymentDeps, { settings, letters, plans }: Parts): Arrears {
  const { storage, clock, accounts, customers, cases, leases } = deps;
  let lookedFor = '';

  const today = async (db: Tx | undefined) => {
    const { timeZone } = db ? await accounts.companyIn(db) : await accounts.company();
    return dayIn(timeZone, clock.now());
  };

  const windowOf = ({ days, mostDays }: PaymentSetting, day: string) => ({
    from: addDays(day, -mostDays),
    upto: addDays(day, -days),
  });

  async function openFor(tx: Tx, customer: Customer, owed: Owed[], setting: PaymentSetting): Promise<void> {
    const noted = await notedInvoices(
      tx,
      owed.map(({ id }) => id),
    );
    const fresh = owed.filter(({ id }) => !noted.has(id));
    const [oldest] = fresh;
    if (!oldest || sumOf(owed) < setting.leastMinor) return;
    const { id: customerId, language } = customer;
    const cause = { origin: 'invoice' as const, originId: oldest.id };
    const { caseId, opened } = await cases.open(tx, SYSTEM, { kind: KIND, customerId, ...cause, words: '', language });
    const about = fresh.map(({ id }) => id);
    await noteInvoices(tx, caseId, about, timestamp(clock));
    if (opened && setting.invitesItself) await letters.invite(tx, SYSTEM, caseId);
  }

  async function openAll(tx: Tx, customerIds: string[]): Promise<void> {
    const setting = await settings.read(tx);
    if (!setting.on) return;
    const owed = await unpaidOf(tx, customerIds, windowOf(setting, await today(tx)));
    const people = await customers.findMany(tx, [...new Set(owed.map(({ customerId }) => customerId))]);
    for (const [customerId, theirs] of Map.groupBy(owed, (each) => each.customerId)) {
      const customer = people.get(customerId);
      if (customer && customer.erasedAt === null) await openFor(tx, customer, theirs, setting);
    }
  }

  /** Invoices that were paid pay instalments; where nothing is owed any more, there is nothing to invite to. */
  async function settleAll(tx: Tx, customerIds: string[]): Promise<void> {
    const open = await cases.openOf(tx, customerIds, KIND);
    for (const theCase of [...open.values()].flat()) {
      const ids = await invoicesOfCase(tx, theCase.id);
      if (ids.length === 0) continue;
      const owed = await invoicesById(tx, ids);
      const paid = owed.filter(({ paidOn }) => paidOn !== null);
      await plans.settle(tx, theCase.id, sumOf(paid));
      const allPaid = paid.length === owed.length;
      if (!allPaid || theCase.nextStep === STEPS.paid) continue;
      await letters.drop(tx, SYSTEM, theCase.id);
      await cases.note(tx, SYSTEM, theCase.id, { kind: 'paymentPaid' });
      await cases.setNext(tx, theCase.id, { step: STEPS.paid, dueAt: addMinutes(timestamp(clock), A_DAY) });
    }
  }

  const look: Arrears['look'] = async (tx, customerIds) => {
    await openAll(tx, customerIds);
    await settleAll(tx, customerIds);
  };

  /** In slices: each transaction looks at few customers. */
  async function lookThrough(setting: PaymentSetting, day: string, keep: () => Promise<boolean>): Promise<void> {
    for (let after: { dueOn: string; id: string } | null = null; await keep();) {
      const slice: Owed[] = await unpaidInvoices(storage.read, windowOf(setting, day), after, SLICE);
      const noted = await notedInvoices(
        storage.read,
        slice.map(({ id }) => id),
      );
      const fresh = slice.filter(({ id }) => !noted.has(id)).map(({ customerId }) => customerId);
      const customerIds = [...new Set(fresh)];
      if (customerIds.length > 0) await storage.transaction((tx) => openAll(tx, customerIds));
      const last = slice.at(-1);
      if (slice.length < SLICE || !last) return;
      after = { dueOn: last.dueOn, id: last.id };
    }
  }

  return {
    look,
    async lookAtAll() {
      const [setting, day] = [await settings.read(storage.read), await today(undefined)];
      const looking = `${day} ${JSON.stringify(setting)}`;
      if (!setting.on || looking === lookedFor) return;
      const lease = await leases.take(LEASE);
      if (!lease) return;
      try {
        await lookThrough(setting, day, () => lease.keep());
        lookedFor = looking;
      } finally {
        await lease.end();
      }
    },
    async owedIn(db, { id, customerId }) {
      const ids = await invoicesOfCase(db, id);
      if (ids.length > 0) return await invoicesById(db, ids);
      const upto = addDays(await today(undefined), -1);
      return customerId === null ? [] : await unpaidOf(db, [customerId], { from: LONG_AGO, upto });
    },
  };
}
