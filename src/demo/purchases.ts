import { addDays, addMonths, daysBetween } from '../shared/dates.ts';
import type { DemoProducts, Segment } from './content.ts';
import type { DemoPurchase } from './model.ts';
import type { Random } from './random.ts';
import { exactShares } from './worth.ts';

/** Nobody buys in these days around the start of their last year, so that no reading of "twelve months" differs. */
const CLEAR_DAYS = 4;
const TEN_CENTS = 10;

interface Habit {
  customer: string;
  segment: Segment;
  /** What the purchases in the twelve months up to the last one add up to, in minor units: exactly. */
  worth: number;
  /** No purchase before this day. */
  from: string;
  last: string;
}

/**
 * Everything that a customer bought from `from` to `last`, oldest first, still without reference. The purchases in
 * (last - 12 months, last] add up to `worth`.
 */
export function purchasesOf(habit: Habit, products: DemoProducts, random: Random): Omit<DemoPurchase, 'reference'>[] {
  const yearStart = addMonths(habit.last, -12);
  const opening = later(habit.from, addDays(yearStart, CLEAR_DAYS));
  const count = purchasesInYear(habit, daysBetween(opening, habit.last), products, random);
  const days = [...spread(opening, habit.last, count - 1, random), habit.last];
  const shares = exactShares(
    days.map(() => random.lognormal(0.35)),
    { total: habit.worth, unit: TEN_CENTS, least: 0.45, most: 2.1 },
  );
  const recent = days.map((date, i) => ({ date, amount_minor: shares[i] ?? 0 }));
  const earlier = earlierPurchases(habit, { until: addDays(yearStart, -CLEAR_DAYS), count, random });
  return [...earlier, ...recent].map((purchase) => ({
    customer: habit.customer,
    ...purchase,
    item: itemFor(purchase.amount_minor, habit.segment, products, random),
  }));
}

function purchasesInYear(habit: Habit, days: number, products: DemoProducts, random: Random): number {
  const usual = habit.worth / products.segments[habit.segment].typical_purchase_minor;
  const affordable = Math.max(1, Math.floor(habit.worth / 1200));
  const count = Math.round(Math.min(13, Math.max(3, usual)) * (0.8 + 0.4 * random.next()));
  return Math.max(1, Math.min(count, affordable, Math.floor(days / 7) + 1));
}

/** So many different days in [from, until), evenly with some unrest, in order. */
function spread(from: string, until: string, count: number, random: Random): string[] {
  const gap = daysBetween(from, until) / Math.max(1, count);
  return Array.from({ length: count }, (_, i) => addDays(from, Math.floor((i + random.next() * 0.8) * gap)));
}

/** What they bought before their last year: the same rhythm, a little cheaper. */
function earlierPurchases(habit: Habit, by: { until: string; count: number; random: Random }) {
  const days = daysBetween(habit.from, by.until);
  if (days < 14) return [];
  const mean = habit.worth / by.count;
  return spread(habit.from, by.until, Math.round((days / 365) * by.count), by.random).map((date) => {
    const tens = Math.round((mean * (0.6 + 0.6 * by.random.next())) / TEN_CENTS);
    return { date, amount_minor: Math.max(50, tens) * TEN_CENTS };
  });
}

function itemFor(amount: number, segment: Segment, products: DemoProducts, random: Random): string {
  const { items } = products.segments[segment];
  const fitting = items.filter((item) => item.from_minor <= amount && amount <= item.to_minor);
  if (fitting.length > 0) return random.pick(fitting).name;
  return items.reduce((best, item) => (item.to_minor > best.to_minor ? item : best)).name;
}

export function later(a: string, b: string): string {
  return a > b ? a : b;
}
