import { maximise, type Likelihood } from './maximum.ts';

/** The purchases of many customers, each at its own place; times in any one unit. */
export interface Histories {
  /** Purchases after the first one. */
  frequency: ArrayLike<number>;
  /** From the first purchase to the last. */
  recency: ArrayLike<number>;
  /** From the first purchase to the end of the watching. */
  age: ArrayLike<number>;
}

/** How customers buy and stop: r and alpha of the rates of buying, a and b of the chance to stop after a purchase. */
export interface Buying {
  r: number;
  alpha: number;
  a: number;
  b: number;
}

export interface FittedBuying extends Buying {
  /** Null where customers are so alike that the parameter has no estimate but its most. */
  standardErrors: Record<keyof Buying, number | null>;
  logLikelihood: number;
}

/** Equal histories once, with how many have them. */
interface Groups {
  frequency: Float64Array;
  recency: Float64Array;
  age: Float64Array;
  weight: Float64Array;
  /** How many customers have each frequency. */
  atFrequency: Float64Array;
}

const STARTS: Buying[] = [
  { r: 1, alpha: 1, a: 1, b: 1 },
  { r: 0.3, alpha: 0.5, a: 0.5, b: 3 },
  { r: 3, alpha: 1, a: 0.3, b: 10 },
];

/** Of r, alpha, a and b: beyond this customers are all alike in how often they buy, or in how readily they stop. */
const MOST = [1000, Infinity, Infinity, 10_000];

/**
 * The BG/NBD model (P. S. Fader, B. G. S. Hardie and K. L. Lee, Marketing Science 2005), by maximum likelihood. Undefined
 * where the histories do not tell its parameters.
 */
export function fitBuying(histories: Histories): FittedBuying | undefined {
  const groups = grouped(histories);
  const unit = usualTime(groups);
  const likelihood = ([r = 1, alpha = 1, a = 1, b = 1]: number[]) => likelihoodOf(groups, { r, alpha, a, b });
  for (const { r, alpha, a, b } of STARTS) {
    const found = maximise([r, alpha * unit, a, b], MOST, likelihood);
    if (!found) continue;
    const [r1, alpha1, a1, b1] = found.standardErrors;
    const standardErrors = { r: r1 ?? null, alpha: alpha1 ?? null, a: a1 ?? null, b: b1 ?? null };
    return { ...named(found.parameters), standardErrors, logLikelihood: found.value };
  }
  return undefined;
}

const named = ([r = 0, alpha = 0, a = 0, b = 0]: number[]): Buying => ({ r, alpha, a, b });

function grouped({ frequency, recency, age }: Histories): Groups {
  const places = new Map<string, number>();
  const rows: number[] = [];
  const weights: number[] = [];
  for (let i = 0; i < frequency.length; i++) {
    const key = `${frequency[i]} ${recency[i]} ${age[i]}`;
    const place = places.get(key) ?? weights.length;
    if (place === weights.length) {
      places.set(key, place);
      rows.push(i);
      weights.push(0);
    }
    weights[place]! += 1;
  }
  const column = (of: ArrayLike<number>) => Float64Array.from(rows, (i) => of[i]!);
  const groups = { frequency: column(frequency), recency: column(recency), age: column(age) };
  const atFrequency = new Float64Array(groups.frequency.reduce((most, each) => Math.max(most, each), 0) + 1);
  groups.frequency.forEach((x, i) => (atFrequency[x]! += weights[i]!));
  return { ...groups, weight: Float64Array.from(weights), atFrequency };
}

/** A time of the size that the ages have, so that the search begins near. */
function usualTime({ age, weight }: Groups): number {
  let [sum, count] = [0, 0];
  for (let i = 0; i < age.length; i++) {
    sum += age[i]! * weight[i]!;
    count += weight[i]!;
  }
  return Math.max(sum / count / 10, 1e-3);
}

/**
 * The likelihood of one history is A1(x) A2(x) (E1 + E2), with E1 = (alpha + T)^-(r + x) for those who still buy and, after a
 * repeated purchase, E2 = a / (b + x - 1) (alpha + t)^-(r + x) for those who have stopped; the sum is taken in logarithms.
 */
function likelihoodOf(groups: Groups, p: Buying): Likelihood {
  const counted = ofFrequencies(groups.atFrequency, p);
  const timed = ofTimes(groups, p);
  const sum = (of: (part: Upper) => number) => of(counted) + of(timed);
  const gradient = [0, 1, 2, 3].map((i) => sum(({ slopes }) => slopes[i]!));
  const place = (i: number, j: number) => PLACES[Math.min(i, j)]![Math.max(i, j)]!;
  const hessian = gradient.map((_, i) => gradient.map((__, j) => sum(({ curves }) => curves[place(i, j)]!)));
  return { value: sum(({ value }) => value), gradient, hessian };
}

/** The upper half of the curvature, row by row: rr, ra, rA, rB, aa, aA, aB, AA, AB, BB with a for alpha, A and B for a and b. */
const PLACES = [
  [0, 1, 2, 3],
  [NaN, 4, 5, 6],
  [NaN, NaN, 7, 8],
  [NaN, NaN, NaN, 9],
];

interface Upper {
  value: number;
  slopes: number[];
  curves: number[];
}

/** ln G(r+x)/G(r) + r ln alpha + ln B(a,b+x)/B(a,b): sums over the whole steps below x, shared by all who get as far. */
function ofFrequencies(counts: Float64Array, { r, alpha, a, b }: Buying): Upper {
  const customers = counts.reduce((sum, count) => sum + count, 0);
  let above = customers;
  let value = customers * r * Math.log(alpha);
  let [r1, r2, b1, b2, ab1, ab2] = [0, 0, 0, 0, 0, 0];
  for (let k = 0; k + 1 < counts.length; k++) {
    above -= counts[k]!;
    const [x, y, z] = [r + k, b + k, a + b + k];
    value += above * Math.log((x * y) / z);
    r1 += above / x;
    r2 -= above / (x * x);
    b1 += above / y;
    b2 -= above / (y * y);
    ab1 += above / z;
    ab2 -= above / (z * z);
  }
  const slopes = [customers * Math.log(alpha) + r1, (customers * r) / alpha, -ab1, b1 - ab1];
  const curves = [r2, customers / alpha, 0, 0, (-customers * r) / alpha ** 2, 0, 0, -ab2, -ab2, b2 - ab2];
  return { value, slopes, curves };
}

/** ln (E1 + E2), summed over the customers. */
function ofTimes({ frequency, recency, age, weight }: Groups, { r, alpha, a, b }: Buying): Upper {
  let value = 0;
  const slopes = [0, 0, 0, 0];
  const curves = new Array<number>(10).fill(0);
  for (let i = 0; i < weight.length; i++) {
    const x = frequency[i]!;
    const n = weight[i]!;
    const [still, left] = [alpha + age[i]!, alpha + recency[i]!];
    const [lnStill, lnLeft] = [Math.log(still), Math.log(left)];
    const s = r + x;
    const rest = b + x - 1;
    // What E2 is of the sum; nobody has stopped before the first repeated purchase.
    const odds = x > 0 ? (a / rest) * Math.exp(s * (lnStill - lnLeft)) : 0;
    const w = odds === Infinity ? 1 : odds / (1 + odds);
    const v = 1 - w;
    value += n * (odds === Infinity ? Math.log(a / rest) - s * lnLeft : Math.log1p(odds) - s * lnStill);
    const cross = n * w * v;
    const [dr, dalpha, da, db] = [lnStill - lnLeft, s / still - s / left, x > 0 ? 1 / a : 0, x > 0 ? -1 / rest : 0];
    slopes[0]! -= n * (v * lnStill + w * lnLeft);
    slopes[1]! -= n * s * (v / still + w / left);
    slopes[2]! += n * w * da;
    slopes[3]! += n * w * db;
    curves[0]! += cross * dr * dr;
    curves[1]! += cross * dr * dalpha - n * (v / still + w / left);
    curves[2]! += cross * dr * da;
    curves[3]! += cross * dr * db;
    curves[4]! += cross * dalpha * dalpha + n * s * (v / still ** 2 + w / left ** 2);
    curves[5]! += cross * dalpha * da;
    curves[6]! += cross * dalpha * db;
    curves[7]! += cross * da * da - n * w * da * da;
    curves[8]! += cross * da * db;
    curves[9]! += cross * db * db + n * w * db * db;
  }
  return { value, slopes, curves };
}
