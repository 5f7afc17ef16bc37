import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn, daysBetween } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Customer } from '../../customers/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { page, type Db, type Page, type Tx } from '../../storage/index.ts';
import { standingsOf, type Standing } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import * as store from './anniversary-store.ts';
import type { GreetingRow } from './anniversary-store.ts';
import { createEnclosing, type Enclosure } from './enclosing.ts';
import { createGreetingMail, GREETING } from './mail.ts';
import { daysToLookAt, dueAnniversary, monthDaysOn, type Anniversary, type Hindrance, type Tier } from './rules.ts';
import { createAnniversarySettings, type AnniversarySettings } from './settings-service.ts';

/** An anniversary to come, and what is going to happen. */
export interface Upcoming extends Anniversary {
  customer: Customer;
  way: 'mail' | 'post';
  hindrance: Hindrance | null;
}

export interface Anniversaries {
  settings: AnniversarySettings;
  /** Greets everybody whose anniversary is due; each once a year. */
  greetDue(): Promise<void>;
  /** Those of the next days, in their order; the cursor is 'DAY ID'. */
  upcoming(cursor: string | null): Promise<Page<Upcoming>>;
  /** Cards that are to be written by hand or printed. */
  pile(cursor: string | null): Promise<Page<GreetingRow>>;
  latest(limit: number): Promise<GreetingRow[]>;
  /** What comes with these cards, by their ids. */
  enclosed(greetings: GreetingRow[]): Promise<Map<string, Enclosure>>;
  /** They are in the post. @throws Conflict where none was to be written any more */
  markWritten(actor: Actor, ids: string[]): Promise<number>;
  /** No card after all. @throws Conflict */
  leaveOut(actor: Actor, id: string, reason: string): Promise<void>;
  /** How a customer would rather be greeted. */
  prefer(actor: Actor, customerId: string, way: 'mail' | 'post'): Promise<void>;
  ofCustomer(
    db: Db,
    customerId: string,
  ): Promise<{ since: string | undefined; way: 'mail' | 'post' | undefined; greetings: GreetingRow[] }>;
  optOutLink(greetingId: string): string;
  /** Whose greeting a link to the way out came with. */
  byToken(token: string): Promise<GreetingRow | undefined>;
}

const SLICE = 100;
const DAYS_AHEAD = 14;
const A_PAGE = 30;
const LEASE = 'loyalty.anniversaries';
/** 'YYYY-MM-DDTHH:M': everybody is looked at again after ten minutes at most. */
const TEN_MINUTES = 15;
export const OPT_OUT = 'greeting';

export function createAnniversaries(deps: LoyaltyDeps): Anniversaries {
  const { storage, clock, accounts, customers, invitations, mailer, leases, signer, baseUrl } = deps;
  const settings = createAnniversarySettings(deps);
  const now = () => timestamp(clock);
  let looked = '';

  const hindered = async (db: Db, ids: string[], counted: boolean) => {
    const allowed = counted ? await invitations.contacts.mayContact(db, ids, 'greeting.anniversary', now()) : new Map();
    const ways = await store.findWays(db, ids);
    const standings = await standingsOf(deps, db, ids);
    return standings.map((standing) => {
      const way = wayOf(standing.customer, ways.get(standing.customer.id));
      const budget = allowed.get(standing.customer.id) as { may: boolean } | undefined;
      return { customer: standing.customer, way, hindrance: hindranceOf(standing, way, budget?.may === false) };
    });
  };

  const optOutLink = (id: string) => `${baseUrl}/g/${signer.sign(OPT_OUT, id)}`;
  const enclosing = createEnclosing(deps);
  const mail = createGreetingMail(deps, {
    enclosing,
    optOutLink,
    hindrances: async (db, ids) => {
      const found = await hindered(db, ids, false);
      return new Map(found.map(({ customer, hindrance }) => [customer.id, hindrance]));
    },
  });
  mailer.register(GREETING, mail.compose, mail.onState, mail.screening);
  deps.bounces.knows(GREETING, async (db, id) => {
    const [greeting] = await store.findGreetings(db, [id]);
    const customer = greeting && (await customers.find(greeting.customer_id, db));
    return customer && { customerId: customer.id, address: customer.email };
  });
  customers.onChanged(async (tx, ids) => {
    const people = await customers.findMany(tx, ids);
    await store.keepDays(
      tx,
      ids.map((customerId) => ({ customerId, since: sinceOf(people.get(customerId)) })),
    );
  });
  const withdraw = async (tx: Tx, ids: string[]) => {
    const queued = await store.queuedGreetings(tx, ids);
    if (queued.length > 0) await mailer.cancelQueued(tx, GREETING, queued);
  };
  customers.onUnsubscribed(withdraw);

  async function greet(ids: string[]): Promise<void> {
    await storage.transaction(async (tx) => {
      const { fromYear, tiers } = await settings.read(tx);
      const { timeZone, defaultLanguage } = await accounts.companyIn(tx);
      await invitations.contacts.lock(tx);
      for (const { customer, way, hindrance } of await hindered(tx, ids, true)) {
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
    const row = { id, customer_id: customerId, year, years, on_day: onDay, way, state, language };
    const fresh = {
      ...row,
      reward: '',
      offer_given_id: null,
      created_at: now(),
      settled_at: null,
      account_id: null,
      reason: '',
    };
    if (!(await store.insertGreeting(tx, fresh))) return;
    await enclosing.add(tx, fresh, tiers);
    await invitations.contacts.record(tx, 'greeting.anniversary', [{ id, customer: { id: customerId, email } }], now());
    if (way === 'mail') await mailer.enqueue(tx, [{ kind: GREETING, subjectId: id }]);
  }

  async function greetOn(day: string, keep: () => Promise<boolean>): Promise<void> {
    const whose = { monthDays: monthDaysOn(day), ungreetedIn: Number(day.slice(0, 4)) };
    for (let after = ''; await keep();) {
      const slice = await store.whoseDay(storage.read, whose, after, SLICE);
      if (slice.length > 0) await greet(slice.map(({ customerId }) => customerId));
      after = slice.at(-1)?.customerId ?? '';
      if (slice.length < SLICE) return;
    }
  }

  const upcomingOn = async (day: string, after: string): Promise<Upcoming[]> => {
    const whose = await store.whoseDay(storage.read, { monthDays: monthDaysOn(day) }, after, A_PAGE + 1);
    const since = new Map(whose.map((each) => [each.customerId, each.since]));
    const year = Number(day.slice(0, 4));
    const { fromYear } = await settings.read(storage.read);
    const found = await hindered(storage.read, [...since.keys()], true);
    return found
      .map((each) => ({ ...each, year, years: year - Number(since.get(each.customer.id)?.slice(0, 4)), onDay: day }))
      .filter(({ years }) => years >= fromYear)
      .sort((a, b) => (a.customer.id < b.customer.id ? -1 : 1));
  };

  return {
    settings,
    async greetDue() {
      const setting = await settings.read(storage.read);
      const looking = `${now().slice(0, TEN_MINUTES)} ${JSON.stringify(setting)}`;
      if (!setting.on || looking === looked) return;
      const lease = await leases.take(LEASE);
      if (!lease) return;
      try {
        for (const day of daysToLookAt(now())) await greetOn(day, () => lease.keep());
        looked = looking;
      } finally {
        await lease.end();
      }
    },
    async upcoming(cursor) {
      const today = dayIn((await accounts.company()).timeZone, clock.now());
      const [, from = today, afterId = ''] = /^(\d{4}-\d{2}-\d{2}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const rows: Upcoming[] = [];
      for (let day = from; daysBetween(today, day) <= DAYS_AHEAD && rows.length <= A_PAGE; day = addDays(day, 1)) {
        if (daysBetween(today, day) >= 0) rows.push(...(await upcomingOn(day, day === from ? afterId : '')));
      }
      return page(rows.slice(0, A_PAGE + 1), A_PAGE, ({ onDay, customer }) => `${onDay} ${customer.id}`);
    },
    async pile(cursor) {
      const [, onDay, id] = /^(\d{4}-\d{2}-\d{2}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const after = onDay !== undefined && id !== undefined ? { onDay, id } : null;
      const rows = await store.cardsToWrite(storage.read, after, A_PAGE + 1);
      return page(rows, A_PAGE, (row) => `${row.on_day} ${row.id}`);
    },
    enclosed: (greetings) => enclosing.of(storage.read, greetings),
    latest: (limit) => store.latestGreetings(storage.read, limit),
    async markWritten(actor, ids) {
      return await storage.transaction(async (tx) => {
        const done = { state: 'written' as const, settled_at: now(), account_id: accountOf(actor) };
        const written = await store.moveGreetings(tx, ids, ['to_write'], done);
        if (written.length === 0) throw new Conflict('attentions.error.written');
        await customers.recordEvents(tx, written.map(eventOf(accountOf(actor))));
        await accounts.audit(tx, actor, 'attentions.written', { kind: 'greeting' }, { count: written.length });
        return written.length;
      });
    },
    async leaveOut(actor, id, reason) {
      await storage.transaction(async (tx) => {
        const left = { state: 'left_out' as const, settled_at: now(), account_id: accountOf(actor), reason };
        const moved = await store.moveGreetings(tx, [id], ['to_write'], left);
        if (moved.length === 0) throw new Conflict('attentions.error.written');
        await invitations.contacts.release(tx, [id]);
        await enclosing.withdraw(tx, moved);
        await accounts.audit(tx, actor, 'attentions.leftOut', { kind: 'greeting', id });
      });
    },
    async prefer(actor, customerId, way) {
      await storage.transaction(async (tx) => {
        await store.saveWay(tx, { customer_id: customerId, way, account_id: accountOf(actor), at: now() });
        await accounts.audit(tx, actor, `attentions.prefer.${way}`, { kind: 'customer', id: customerId });
      });
    },
    async ofCustomer(db, customerId) {
      const way = (await store.findWays(db, [customerId])).get(customerId);
      return {
        since: await store.sinceOf(db, customerId),
        way,
        greetings: await store.greetingsOf(db, customerId, 5),
      };
    },
    optOutLink,
    async byToken(token) {
      const id = signer.verify(OPT_OUT, token);
      return id === undefined ? undefined : (await store.findGreetings(storage.read, [id]))[0];
    },
  };
}

/** Since when they are a customer: said by a person or an import, else by their first purchase. Nobody who left has one. */
export function sinceOf(customer: Customer | undefined): string | null {
  if (!customer || customer.erasedAt !== null || customer.status === 'left') return null;
  return customer.customerSince ?? customer.firstPurchaseOn;
}

function wayOf({ email }: Customer, preferred: 'mail' | 'post' | undefined): 'mail' | 'post' {
  return preferred === 'post' || email === '' ? 'post' : 'mail';
}

function hindranceOf(
  { customer, talking, suppressed, noGreetings }: Standing,
  way: 'mail' | 'post',
  greeted: boolean,
): Hindrance | null {
  if (customer.status === 'left') return 'left';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (noGreetings) return 'refused';
  if (talking) return 'talking';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (suppressed) return 'suppressed';
  if (way === 'post' && (customer.street === '' || customer.city === '')) return 'no_address';
  return greeted ? 'greeted' : null;
}

const eventOf = (accountId: string | null) => (row: GreetingRow) => ({
  customerId: row.customer_id,
  kind: `attentions.${row.way === 'post' ? 'carded' : 'greeted'}`,
  subjectId: row.id,
  accountId,
  detail: { count: row.years },
});
