import { addDays, addMonths, daysBetween } from '../shared/dates.ts';
import type { DemoProducts } from './content.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { exactShares, sum } from './worth.ts';

export interface Leaving {
  left_on: string;
  /** The day of the last purchase. */
  last: string;
  /** What they spent in their last year, or the value typed for them. */
  worth: number;
  /** No purchases on record: `worth` is what a person typed. */
  typed: boolean;
}

/** How many leave in each twelfth of the year before today: it has become worse. */
const TREND = [7, 8, 7, 9, 8, 10, 9, 11, 12, 14, 16, 18];
/** The questionnaire goes out some days after somebody left, so nobody left in these last days. */
const SETTLED_DAYS = 18;
const TYPED_SHARE = 0.04;

/** When these people left and what they were worth: together exactly `total` minor units a year. */
export function leavingsOf(
  people: readonly Person[],
  by: { today: string; total: number; products: DemoProducts; random: Random },
): Leaving[] {
  const typed = Math.floor(people.length * TYPED_SHARE);
  const worths = worthsOf(people, typed, by);
  // One from each equal slice of the year's leavers, so that the trend shows through the chance of the days.
  const slices = by.random.shuffled(people.map((_, i) => (i + by.random.next()) / people.length));
  return people.map((_, i) => {
    const left_on = dayOfLeaving(by.today, slices[i] ?? 0);
    return { left_on, last: addDays(left_on, -by.random.int(6, 64)), worth: worths[i] ?? 0, typed: i < typed };
  });
}

/** Nobody types 287.40: typed values are round, and the purchases of the others make up the rest. */
function worthsOf(
  people: readonly Person[],
  typed: number,
  by: { total: number; products: DemoProducts; random: Random },
): number[] {
  if (people.length === 0) return [];
  const mean = by.total / people.length;
  const round = Array.from({ length: typed }, () => Math.round((mean * (0.6 + 0.7 * by.random.next())) / 1000) * 1000);
  const weights = people.slice(typed).map((one) => usualYear(one, by.products, by.random));
  const rules = { total: by.total - sum(round), unit: 10, least: 0.135, most: 6.2 };
  return [...round, ...exactShares(weights, rules)];
}

/** A year's spend as their kind of customer has it, in minor units. */
export function usualYear(person: Person, products: DemoProducts, random: Random): number {
  return products.segments[person.segment].typical_year_minor * random.lognormal(0.55);
}

/** The day by which this share of the year's leavers had left. */
function dayOfLeaving(today: string, share: number): string {
  const first = addDays(addMonths(today, -12), 3);
  const days = daysBetween(first, addDays(today, -SETTLED_DAYS));
  let left = share * sum(TREND);
  const month = TREND.findIndex((weight) => (left -= weight) < 0);
  const within = 1 + left / (TREND[month] ?? 1);
  return addDays(first, Math.floor(((month + within) / TREND.length) * days));
}
