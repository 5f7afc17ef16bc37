import { z } from 'zod';
import type { CustomerValue } from './value-store.ts';

const total = z.object({ count: z.number(), spendMinor: z.number(), lifetimeMinor: z.number() });

/** Totals over all customers, added up once a night. Money in minor units. */
export const factsSchema = z.object({
  /** The day up to which purchases and leavers count. */
  day: z.string(),
  margin: z.number(),
  discount: z.number(),
  /** Customers of today and those who left in the twelve months up to the day: the base of the share lost. */
  base: z.number(),
  lost: z.number(),
  /** Yearly spend of all of the base. */
  baseSpendMinor: z.number(),
  active: total,
  /** Of today's customers: what their yearly spend rests on. */
  sources: z.object({ purchases: z.number(), typed: z.number(), none: z.number() }),
  /** How many of today's customers the model expects to buy still, of those with more than one purchase. */
  alive: z.object({ expected: z.number(), of: z.number() }),
  buyers: z.number(),
  repeaters: z.number(),
  days: z.number(),
  variation: z.number().nullable(),
  /** Today's customers by lifetime value, the most valuable tenth first. */
  bands: z.array(z.object({ count: z.number(), lowMinor: z.number(), highMinor: z.number(), sumMinor: z.number() })),
  segments: z.array(total.extend({ segment: z.string() })),
});
export type Facts = z.infer<typeof factsSchema>;
type Band = Facts['bands'][number];
type Total = z.infer<typeof total>;

const MOST_SEGMENTS = 50;
const BANDS = 10;

/** Adds up one customer after the other, with a number for each at most. */
export function createTally() {
  const active = nothing();
  const sources = { purchases: 0, typed: 0, none: 0 };
  const alive = { expected: 0, of: 0 };
  const segments = new Map<string, Total>();
  const lifetimes: number[] = [];
  return {
    add(value: CustomerValue, segment: string): void {
      if (value.has_left === 1) return;
      const known = segments.get(segment) ?? nothing();
      segments.set(segment, known);
      for (const each of [active, known]) count(each, value);
      sources[value.source] += 1;
      if (value.alive !== null) {
        alive.expected += value.alive;
        alive.of += 1;
      }
      lifetimes.push(value.lifetime_minor);
    },
    done: () => ({ active, sources, alive, bands: bandsOf(lifetimes), segments: largest(segments) }),
  };
}

const nothing = (): Total => ({ count: 0, spendMinor: 0, lifetimeMinor: 0 });

function count(into: Total, { spend_year_minor, lifetime_minor }: CustomerValue): void {
  into.count += 1;
  into.spendMinor += spend_year_minor;
  into.lifetimeMinor += lifetime_minor;
}

/** Tenths of the customers, the most valuable first; with fewer than ten, one each. */
function bandsOf(lifetimes: readonly number[]): Band[] {
  const sorted = Float64Array.from(lifetimes).sort().reverse();
  const bands = Math.min(BANDS, sorted.length);
  return Array.from({ length: bands }, (_, i) => {
    const part = sorted.subarray(
      Math.round((i * sorted.length) / bands),
      Math.round(((i + 1) * sorted.length) / bands),
    );
    const sumMinor = part.reduce((sum, each) => sum + each, 0);
    return { count: part.length, lowMinor: part.at(-1) ?? 0, highMinor: part[0] ?? 0, sumMinor };
  });
}

function largest(segments: ReadonlyMap<string, Total>): Facts['segments'] {
  return [...segments]
    .map(([segment, each]) => ({ segment, ...each }))
    .sort((a, b) => b.lifetimeMinor - a.lifetimeMinor || (a.segment < b.segment ? -1 : 1))
    .slice(0, MOST_SEGMENTS);
}
