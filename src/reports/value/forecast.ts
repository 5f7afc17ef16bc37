import type { Buying } from './buying.ts';
import { lnHypergeometric } from './special.ts';

/** One customer's purchases, in the model's unit of time. */
export interface History {
  /** Purchases after the first one. */
  frequency: number;
  /** From the first purchase to the last. */
  recency: number;
  /** From the first purchase until now. */
  age: number;
}

/**
 * The chance that somebody with this history still buys (Fader, Hardie and Lee 2005; their note of 2008 on P(alive)). The model
 * lets people stop only after a repeated purchase, so that it is 1 after a single one: to be read as "not known" there.
 */
export function chanceAlive({ frequency: x, recency, age }: History, { r, alpha, a, b }: Buying): number {
  if (x === 0) return 1;
  const odds = (a / (b + x - 1)) * Math.exp((r + x) * Math.log((alpha + age) / (alpha + recency)));
  return 1 / (1 + odds);
}

/** Under this the series would lose digits by cancelling; the other one has only positive terms but needs more of them. */
const CANCELS = -6;

/**
 * Purchases a unit of time that somebody who buys now makes after so long: s / (alpha + T) 2F1(s + 1, a; a + b + x; -u), with
 * s = r + x and u = time / (alpha + T); the function is turned by Pfaff's transformations to an argument between 0 and 1.
 */
function rateAfter(time: number, { frequency: x, age }: History, { r, alpha, a, b }: Buying): number {
  const s = r + x;
  const u = time / (alpha + age);
  const z = u / (1 + u);
  const c = a + b + x;
  const ln =
    a + b - r - 1 > CANCELS
      ? lnHypergeometric(a + b - r - 1, a, c, z) - a * Math.log1p(u)
      : lnHypergeometric(s + 1, b + x, c, z) - (s + 1) * Math.log1p(u);
  return (s / (alpha + age)) * Math.exp(ln);
}

/**
 * Purchases to expect from now until `time`, each counted as e^(-rate t) for coming t later: the integral of the rate, after
 * v = ln(1 + u) by Gauss and Legendre. Without discount it is equation 10 of Fader, Hardie and Lee (2005), which itself has
 * no value at a = 1. Stopping is counted in.
 */
export function expectedPurchases(time: number, history: History, buying: Buying, discountRate = 0): number {
  const scale = buying.alpha + history.age;
  const end = Math.log1p(time / scale);
  // For whoever has just begun, the rate falls steeply: one stretch for each unit of v keeps nine digits.
  const parts = Math.max(1, Math.ceil(end));
  const half = end / parts / 2;
  let sum = 0;
  for (let part = 0; part < parts; part++) {
    const middle = half * (2 * part + 1);
    for (const [node, weight] of NODES) {
      for (const v of [middle - half * node, middle + half * node]) {
        const at = scale * Math.expm1(v);
        sum += weight * rateAfter(at, history, buying) * Math.exp(v - discountRate * at);
      }
    }
  }
  return chanceAlive(history, buying) * sum * half * scale;
}

/** Ten nodes of Gauss and Legendre: the positive ones with their weights (Abramowitz and Stegun 1964, table 25.4). */
const NODES = [
  [0.1488743389816312, 0.2955242247147529],
  [0.4333953941292472, 0.2692667193099963],
  [0.6794095682990244, 0.219086362515982],
  [0.8650633666889845, 0.1494513491505806],
  [0.9739065285171717, 0.0666713443086881],
] as const;
