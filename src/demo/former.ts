import { addDays, addMonths, daysBetween } from '../shared/dates.ts';
import type { DemoProducts } from './content.ts';
import { usualYear } from './leavers.ts';
import type { DemoCompany, DemoCustomer, DemoPurchase } from './model.ts';
import type { Person } from './people.ts';
import { later, purchasesOf } from './purchases.ts';
import type { Random } from './random.ts';

/** Days before today between which they left: well within the twelve months before the last twelve, asked and answered there. */
const FORMER_DAYS = { first: 722, last: 375 };
const LEAST_YEAR_MINOR = 4000;
const LEAST_TENURE_DAYS = 60;

interface By {
  today: string;
  products: DemoProducts;
  random: Random;
}

/** Those who left in the year before the last one, each with the purchases of their last twelve months. */
export function formerOf(people: readonly Person[], by: By): DemoCompany['former'] {
  const { first, last } = FORMER_DAYS;
  const made = people.map((person, i) => {
    const share = (i + by.random.next()) / people.length;
    const left_on = addDays(by.today, -first + Math.floor(share * (first - last)));
    const lastBought = addDays(left_on, -by.random.int(6, 64));
    return { person, left_on, lastBought };
  });
  const told = made.map(({ person, left_on, lastBought }, i) => {
    const customer = whoLeft(person, { left_on, lastBought, reference: `K-${9001 + i}`, random: by.random });
    return { customer, bought: boughtBy(customer, lastBought, by) };
  });
  const drafts = told.flatMap(({ bought }) => bought).sort((a, b) => (a.date < b.date ? -1 : 1));
  const purchases = drafts.map((each, i): DemoPurchase => ({ reference: `A-${10_001 + i}`, ...each }));
  return { customers: told.map(({ customer }) => customer), purchases };
}

interface Left {
  left_on: string;
  lastBought: string;
  reference: string;
  random: Random;
}

function whoLeft(person: Person, { left_on, lastBought, reference, random }: Left): DemoCustomer {
  const latest = addDays(lastBought, -LEAST_TENURE_DAYS);
  const customer_since = person.customer_since <= latest ? person.customer_since : addDays(latest, -random.int(0, 900));
  const legal_basis_on = person.legal_basis === '' ? null : customer_since;
  return { ...person, reference, customer_since, legal_basis_on, status: 'left', left_on, yearly_value_minor: null };
}

function boughtBy(customer: DemoCustomer, last: string, { products, random }: By): Omit<DemoPurchase, 'reference'>[] {
  const { segment, reference, customer_since } = customer;
  const from = later(customer_since, addMonths(last, -12));
  const year = usualYear(customer, products, random) * Math.min(1, (daysBetween(from, last) + 30) / 365);
  const worth = Math.max(LEAST_YEAR_MINOR, Math.round(year / 10) * 10);
  return purchasesOf({ customer: reference, segment, worth, from, last }, products, random);
}
