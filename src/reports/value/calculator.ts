import { z } from 'zod';
import {
  lifetimeValue,
  lifetimeValueFromNow,
  lostInYear,
  mayBeSpent,
  undiscounted,
  worthOfPoint,
  type MayBeSpent,
  type Point,
} from './money-rules.ts';

/** What the calculator goes by. Shares from 0 to 1, spend a year of one customer in minor units. */
export interface Given {
  customers: number;
  shareLost: number;
  spendMinor: number;
  margin: number;
  discount: number;
}

/** All in minor units, not rounded; Infinity where nobody leaves and nothing is discounted. */
export interface Worked {
  /** Turnover lost in a year. */
  lostMinor: number;
  /** Lifetime value of one customer, and of all who are lost in a year. */
  lifetime: { each: number; ofLost: number };
  fromNow: { each: number; ofLost: number };
  undiscounted: { each: number; ofLost: number };
  point: Point;
  most: MayBeSpent;
}

export function workOut({ customers, shareLost, spendMinor, margin, discount }: Given): Worked {
  const yearly = { margin: spendMinor * margin, retention: 1 - shareLost, discount };
  const lost = Math.round(customers * shareLost);
  const of = (each: number) => ({ each, ofLost: lost === 0 ? 0 : each * lost });
  return {
    lostMinor: lostInYear(customers, shareLost, spendMinor),
    lifetime: of(lifetimeValue(yearly)),
    fromNow: of(lifetimeValueFromNow(yearly)),
    undiscounted: of(undiscounted(yearly)),
    point: worthOfPoint(customers, spendMinor, yearly),
    most: mayBeSpent(yearly),
  };
}

/** The worked example, in whole units of any currency: 700 customers, 20 % lost a year, 300 a year, all of it margin, 10 %. */
export const example = (unit: number): Given => ({
  customers: 700,
  shareLost: 0.2,
  spendMinor: 300 * unit,
  margin: 1,
  discount: 0.1,
});

const typed = z.string().max(40).optional().catch(undefined);

/** Figures to try, as they stand in the address. */
export const tryingSchema = z.object({ customers: typed, lost: typed, spend: typed, margin: typed, discount: typed });
export type Trying = z.infer<typeof tryingSchema>;
