import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn, daysBetween } from '../../shared/dates.ts';
import { createHooks, page, type Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import * as store from './anniversary-store.ts';
import { createCards, createTakingBack, neverLeft } from './cards.ts';
import { createEnclosing, type Enclosing } from './enclosing.ts';
import { createGreetDue } from './greeting.ts';
import type { Anniversaries, Upcoming } from './interface.ts';
import { createGreetingMail, GREETING } from './mail.ts';
import { monthDaysOn } from './rules.ts';
import { createAnniversarySettings } from './settings-service.ts';
import { greetable, hindrances, sinceOf } from './standing.ts';

const DAYS_AHEAD = 14;
const A_PAGE = 30;
const OPT_OUT = 'greeting';

/** Whoever has been a customer for years is thanked, once a year. */
export function createAnniversaries(deps: LoyaltyDeps): Anniversaries {
  const { storage, clock, accounts, signer, baseUrl } = deps;
  const settings = createAnniversarySettings(deps);
  const optOutLink = (id: string) => `${baseUrl}/g/${signer.sign(OPT_OUT, id)}`;
  const enclosing = createEnclosing(deps);
  const [greeted, moved] = [createHooks<store.GreetingRow>(), createHooks<store.GreetingRow>()];
  const against = { hindrances: hindrances.bind(null, deps) };
  const mail = createGreetingMail(deps, { enclosing, optOutLink, ...against });
  deps.mailer.register(GREETING, mail.compose, mail.onState, mail.screening);
  listen(deps, enclosing);

  const upcomingOn = async (day: string, after: string): Promise<Upcoming[]> => {
    const whose = await store.whoseDay(storage.read, { monthDays: monthDaysOn(day) }, after, A_PAGE + 1);
    const since = new Map(whose.map((each) => [each.customerId, each.since]));
    const year = Number(day.slice(0, 4));
    const { fromYear } = await settings.read(storage.read);
    const found = await greetable(deps, storage.read, [...since.keys()], true);
    const states = await store.statesIn(storage.read, year, [...since.keys()]);
    return found
      .map((each) => ({
        ...each,
        greeting: states.get(each.customer.id) ?? null,
        year,
        years: year - Number(since.get(each.customer.id)?.slice(0, 4)),
        onDay: day,
      }))
      .filter(({ years }) => years >= fromYear)
      .sort((a, b) => (a.customer.id < b.customer.id ? -1 : 1));
  };

  return {
    settings,
    greetDue: createGreetDue(deps, { settings, enclosing, greeted }),
    onGreeted: greeted.on,
    onCard: moved.on,
    ...createCards(deps, enclosing, moved),
    ...createTakingBack(deps, moved),
    async upcoming(cursor) {
      const today = dayIn((await accounts.company()).timeZone, clock.now());
      const [, from = today, afterId = ''] = /^(\d{4}-\d{2}-\d{2}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const rows: Upcoming[] = [];
      for (let day = from; daysBetween(today, day) <= DAYS_AHEAD && rows.length <= A_PAGE; day = addDays(day, 1)) {
        if (daysBetween(today, day) >= 0) rows.push(...(await upcomingOn(day, day === from ? afterId : '')));
      }
      return page(rows.slice(0, A_PAGE + 1), A_PAGE, ({ onDay, customer }) => `${onDay} ${customer.id}`);
    },
    enclosed: (greetings) => enclosing.of(storage.read, greetings),
    latest: (limit) => store.latestGreetings(storage.read, limit),
    async ofCustomer(db, customerId) {
      const way = (await store.findWays(db, [customerId])).get(customerId);
      const since = await store.sinceOf(db, customerId);
      return { since, way, greetings: await store.greetingsOf(db, customerId, 5) };
    },
    optOutLink,
    async byToken(token) {
      const id = signer.verify(OPT_OUT, token);
      return id === undefined ? undefined : (await store.findGreetings(storage.read, [id]))[0];
    },
  };
}

/** Days follow their customers; whoever wants no mail gets no greeting that waits, be it mail or a card. */
function listen(deps: LoyaltyDeps, enclosing: Enclosing): void {
  const { clock, customers, mailer, bounces } = deps;
  bounces.knows(GREETING, async (db, id) => {
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
  customers.onUnsubscribed(async (tx: Tx, ids) => {
    const queued = await store.waitingGreetings(tx, ids, 'queued');
    if (queued.length > 0) await mailer.cancelQueued(tx, GREETING, queued);
    const cards = await store.waitingGreetings(tx, ids, 'to_write');
    const cancelled = { state: 'cancelled' as const, settled_at: timestamp(clock), reason: 'unsubscribed' };
    await neverLeft(deps, enclosing, tx, await store.moveGreetings(tx, cards, ['to_write'], cancelled));
  });
}
