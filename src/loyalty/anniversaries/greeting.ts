import type { Customer } from '../../customers/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { underLease } from '../../scheduler/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { insertGreeting, whoseDay, type GreetingRow } from './anniversary-store.ts';
import type { Enclosing } from './enclosing.ts';
import { GREETING } from './mail.ts';
import { daysToLookAt, dueAnniversary, monthDaysOn, type Anniversary, type Tier } from './rules.ts';
import type { AnniversarySettings } from './settings-service.ts';
import { greetable, sinceOf } from './standing.ts';

const SLICE = 100;
const LEASE = 'loyalty.anniversaries';
/** 'YYYY-MM-DDTHH:M': everybody is looked at again after ten minutes at most. */
const TEN_MINUTES = 15;

interface Parts {
  settings: AnniversarySettings;
  enclosing: Enclosing;
  greeted: Hooks<GreetingRow>;
}

/** Greets everybody whose anniversary is due, each once a year, whoever looks at the same moment. */
export function createGreetDue(deps: LoyaltyDeps, { settings, enclosing, greeted }: Parts): () => Promise<void> {
  const { storage, clock, accounts, invitations, mailer, leases } = deps;
  const now = () => timestamp(clock);
  let looked = '';

  async function greet(ids: string[]): Promise<void> {
    await storage.transaction(async (tx) => {
      const { fromYear, tiers } = await settings.read(tx);
      const { timeZone, defaultLanguage } = await accounts.companyIn(tx);
      await invitations.contacts.lock(tx);
      for (const { customer, way, hindrance } of await greetable(deps, tx, ids, true)) {
        const since = sinceOf(customer);
        if (hindrance !== null || since === null) continue;
        const due = dueAnniversary(since, way, customer.timeZone || timeZone, now());
        if (!due || due.years < fromYear) continue;
        const language = [customer.language, defaultLanguage].find(isLanguage) ?? 'en';
        await write(tx, customer, way, { ...due, language, tiers });
      }
    });
  }

  async function write(
    tx: Tx,
    { id: customerId, email }: Customer,
    way: 'mail' | 'post',
    { year, years, onDay, language, tiers }: Anniversary & { language: string; tiers: Tier[] },
  ): Promise<void> {
    const id = newId(clock);
    const state = way === 'mail' ? ('queued' as const) : ('to_write' as const);
    const row = { id, customer_id: customerId, year, years, on_day: onDay, way, state, language, created_at: now() };
    const unsettled = { reward: '', offer_given_id: null, settled_at: null, account_id: null, reason: '' };
    const fresh = { ...row, ...unsettled };
    if (!(await insertGreeting(tx, fresh))) return;
    await enclosing.add(tx, fresh, tiers);
    await invitations.contacts.record(tx, 'greeting.anniversary', [{ id, customer: { id: customerId, email } }], now());
    if (way === 'mail') await mailer.enqueue(tx, [{ kind: GREETING, subjectId: id }]);
    await greeted.tell(tx, fresh);
  }

  async function greetOn(day: string, keep: () => Promise<boolean>): Promise<void> {
    const whose = { monthDays: monthDaysOn(day), ungreetedIn: Number(day.slice(0, 4)) };
    for (let after = ''; await keep();) {
      const slice = await whoseDay(storage.read, whose, after, SLICE);
      if (slice.length > 0) await greet(slice.map(({ customerId }) => customerId));
      after = slice.at(-1)?.customerId ?? '';
      if (slice.length < SLICE) return;
    }
  }

  return async () => {
    const setting = await settings.read(storage.read);
    const looking = `${now().slice(0, TEN_MINUTES)} ${JSON.stringify(setting)}`;
    if (!setting.on || looking === looked) return;
    await underLease(leases, LEASE, async (lease) => {
      for (const day of daysToLookAt(now())) await greetOn(day, () => lease.keep());
      looked = looking;
    });
  };
}
