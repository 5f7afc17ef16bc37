import { addMonths } from '../../shared/dates.ts';
import { median } from '../../shared/statistics.ts';
import type { InsightDeps } from '../deps.ts';
import { variationOf } from './method-rules.ts';
import type { Columns } from './thread.ts';
import type { ValuedCustomer } from './value-store.ts';
import type { Slice } from './valuing.ts';

/** Of so many customers the gaps between purchases are looked at. */
const SAMPLE = 150;
const RECENT_MONTHS = 24;
const ENOUGH_PURCHASES = 4;

/** What a first look at all customers brings. */
export interface Seen {
  /** Customers who are with us, or were within the last year. */
  base: number;
  /** Those of them who have left. */
  lost: number;
  baseSpendMinor: number;
  columns: Columns;
  /** Since the first purchase of all. */
  days: number;
  /** Customers with enough purchases to see a rhythm, evenly from all of them. */
  sample: string[];
  /** One in so many of those goes into the sample. */
  stride: number;
  candidates: number;
  /** How much the gaps between purchases differ; null where nobody has bought often enough. */
  variation: number | null;
}

/** All customers once; of each no more than four numbers are kept. */
export async function lookAtAll(
  { storage, customers }: Pick<InsightDeps, 'storage' | 'customers'>,
  slices: AsyncIterable<Slice>,
  today: string,
): Promise<Seen> {
  const seen = nothingSeen();
  const year = { since: addMonths(today, -12), today };
  for await (const slice of slices) {
    for (const customer of slice.customers) countIn(seen, customer, year);
    remember(seen, slice);
  }
  const sampled = await customers.buyingDays(storage.read, seen.sample, addMonths(today, -RECENT_MONTHS));
  seen.variation = median([...sampled.values()].flatMap((days) => variationOf(days) ?? []));
  return seen;
}

const nothingSeen = (): Seen => ({
  base: 0,
  lost: 0,
  baseSpendMinor: 0,
  columns: { frequency: [], recency: [], age: [], total: [] },
  days: 0,
  sample: [],
  stride: 1,
  candidates: 0,
  variation: null,
});

/** Whoever left more than a year ago is no part of what a customer is worth today. */
function countIn(seen: Seen, customer: ValuedCustomer, { since, today }: { since: string; today: string }): void {
  const lost = customer.left_on !== null && customer.left_on > since && customer.left_on <= today;
  if (customer.status === 'left' && !lost) return;
  seen.base += 1;
  seen.lost += lost ? 1 : 0;
  seen.baseSpendMinor += customer.worth_minor;
}

function remember(seen: Seen, { buyers, purchases }: Slice): void {
  const { frequency, recency, age, total } = purchases;
  buyers.forEach((id, i) => {
    seen.columns.frequency.push(frequency[i]!);
    seen.columns.recency.push(recency[i]!);
    seen.columns.age.push(age[i]!);
    seen.columns.total.push(total[i]!);
    seen.days = Math.max(seen.days, age[i]!);
    if (frequency[i]! < ENOUGH_PURCHASES || seen.candidates++ % seen.stride !== 0) return;
    seen.sample.push(id);
    if (seen.sample.length <= SAMPLE) return;
    seen.sample = seen.sample.filter((_, place) => place % 2 === 0);
    seen.stride *= 2;
  });
}

/** Of those who were with us a year ago or came since, 0 to 1. */
export const shareLost = ({ base, lost }: Seen): number => (base === 0 ? 0 : lost / base);

export const countsOf = ({ columns }: Seen) => ({
  buyers: columns.frequency.length,
  repeaters: columns.frequency.filter((x) => x > 0).length,
});
