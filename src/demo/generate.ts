import { isPlainDate, addDays, addMonths, daysBetween } from '../shared/dates.ts';
import { loadDemoContent, type DemoContent } from './content.ts';
import { dealingsOf, invoicesOf, type Account } from './dealings.ts';
import { formerOf } from './former.ts';
import { leavingsOf, usualYear, type Leaving } from './leavers.ts';
import type { DemoCompany, DemoCustomer, DemoPurchase } from './model.ts';
import { withDoubles } from './doubles.ts';
import { createPeople, type Person } from './people.ts';
import { later, purchasesOf } from './purchases.ts';
import { randomOf, type Random } from './random.ts';
import { withSilentOnes } from './silent.ts';

interface CompanyOptions {
  /** 'YYYY-MM-DD'; everything happened before it. */
  today: string;
  seed?: number;
  customers?: number;
  lost?: number;
  /** What the lost customers were worth a year, all together, in minor units: met exactly. */
  lostYearlyMinor?: number;
}

/**
 * The sample company: the same for the same options. A customer's yearly spend is the sum of their purchases in the
 * twelve months up to their last one, or the typed value where there are none; over the lost ones, who all left in the
 * twelve months before today, it adds up to `lostYearlyMinor`. Those who had left before that come on top: a year's loss is
 * a share of the customers of that year.
 * Throws RangeError for a day that does not exist or more lost than customers.
 */
export function generateCompany(options: CompanyOptions, content: DemoContent = loadDemoContent()): DemoCompany {
  const { today, seed = 1, customers = 700, lost = 140, lostYearlyMinor = 4_200_000 } = options;
  if (!isPlainDate(today) || lost > customers) throw new RangeError('no such company');
  const random = (name: string) => randomOf(seed, name);

  const people = createPeople(content, today, random('people'));
  const everybody = Array.from({ length: customers }, () => people.next());
  const by = { today, total: lostYearlyMinor, products: content.products, random: random('leaving') };
  const leavings = leavingsOf(everybody.slice(0, lost), by);
  const relations = numbered([
    ...withoutAddress(everybody.slice(0, lost), LOST_UNREACHABLE, random('lost reach')).map((person, i) =>
      formerCustomer(person, leavings[i], random(`former ${i}`)),
    ),
    ...withoutAddress(everybody.slice(lost), ACTIVE_UNREACHABLE, random('reach')).map((person, i) =>
      currentCustomer(person, { today, content, random: random(`current ${i}`) }),
    ),
  ]);

  const accounts = accountsOf(relations, { today, content, random });
  const context = { today, content };
  return withDoubles(
    withSilentOnes({
      today,
      seed,
      profile: content.profile,
      customers: relations.map(({ customer }) => customer),
      purchases: accounts.flatMap(({ purchases }) => purchases).sort(byDate),
      invoices: invoicesOf(accounts, { ...context, random: random('invoices') }),
      dealings: dealingsOf(accounts, { ...context, random: random('dealings') }),
      former: formerOf(
        Array.from({ length: Math.round(lost * LOST_THE_YEAR_BEFORE) }, () => people.next()),
        { today, products: content.products, random: random('former') },
      ),
    }),
  );
}

/** For one who left in the last twelve months so many left in the twelve before: it has become worse. */
const LOST_THE_YEAR_BEFORE = 92 / 140;
/** Shares of those who cannot be asked: no e-mail address, or nothing that allows writing to them. */
const LOST_UNREACHABLE = { email: 5 / 140, basis: 3 / 140 };
const ACTIVE_UNREACHABLE = { email: 10 / 560, basis: 6 / 560 };
const AT_RISK = 0.07;
const TYPED = 0.03;

function withoutAddress(people: readonly Person[], share: typeof LOST_UNREACHABLE, random: Random): Person[] {
  const order = random.shuffled(people);
  const email = Math.round(people.length * share.email);
  const mute = new Set(order.slice(0, email));
  const unfounded = new Set(order.slice(email, email + Math.round(people.length * share.basis)));
  return people.map((person) => {
    if (mute.has(person)) return { ...person, email: '' };
    if (unfounded.has(person)) return { ...person, legal_basis: '', legal_basis_source: '', legal_basis_on: null };
    return person;
  });
}

/** A customer with the purchases still to be made up: none where the worth was typed. */
interface Relation {
  customer: DemoCustomer;
  worth: number;
  last: string;
}

function formerCustomer(person: Person, leaving: Leaving | undefined, random: Random): Relation {
  if (!leaving) throw new RangeError('nobody leaves without a day');
  const { left_on, last, worth, typed } = leaving;
  const latestStart = addDays(last, -60);
  const since =
    person.customer_since <= latestStart ? person.customer_since : addDays(latestStart, -random.int(0, 700));
  const value = typed ? worth : null;
  const customer = {
    ...startedOn(person, since),
    reference: '',
    status: 'left' as const,
    left_on,
    yearly_value_minor: value,
  };
  return { customer, worth, last };
}

function currentCustomer(person: Person, by: { today: string; content: DemoContent; random: Random }): Relation {
  const { today, content, random } = by;
  const tenure = daysBetween(person.customer_since, today);
  const year = usualYear(person, content.products, random) * Math.min(1, tenure / 365);
  const worth = Math.max(150, Math.round(year / 10)) * 10;
  const typed = random.chance(TYPED);
  const rhythm =
    365 / Math.min(13, Math.max(3, worth / content.products.segments[person.segment].typical_purchase_minor));
  const silence = rhythm * (random.chance(AT_RISK) ? 2.5 + 2 * random.next() : random.next());
  const last = addDays(today, -1 - Math.floor(Math.min(silence, tenure - 30, 330)));
  const yearly_value_minor = typed ? Math.max(5000, Math.round(worth / 5000) * 5000) : null;
  return {
    customer: { ...person, reference: '', status: 'active', left_on: null, yearly_value_minor },
    worth,
    last,
  };
}

function startedOn(person: Person, customer_since: string): Person {
  return { ...person, customer_since, legal_basis_on: person.legal_basis === '' ? null : customer_since };
}

function numbered(relations: Relation[]): Relation[] {
  const byAge = relations.toSorted((a, b) => (a.customer.customer_since < b.customer.customer_since ? -1 : 1));
  return byAge.map((relation, i) => ({
    ...relation,
    customer: { ...relation.customer, reference: `K-${10_001 + i}` },
  }));
}

function accountsOf(
  relations: readonly Relation[],
  by: { today: string; content: DemoContent; random: (name: string) => Random },
): Account[] {
  const start = addMonths(by.today, -24);
  const drafts = relations.flatMap(({ customer, worth, last }) => {
    if (customer.yearly_value_minor !== null) return [];
    const from = later(customer.customer_since, start);
    const habit = { customer: customer.reference, segment: customer.segment, worth, from, last };
    return purchasesOf(habit, by.content.products, by.random(`buying ${customer.reference}`));
  });
  const purchases = drafts
    .sort(byDate)
    .map((purchase, i): DemoPurchase => ({ reference: `B-${20_001 + i}`, ...purchase }));
  const owned = Map.groupBy(purchases, (purchase) => purchase.customer);
  return relations.map(({ customer }) => ({ customer, purchases: owned.get(customer.reference) ?? [] }));
}

function byDate(a: { date: string; customer: string }, b: { date: string; customer: string }): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.customer < b.customer ? -1 : 1;
}
