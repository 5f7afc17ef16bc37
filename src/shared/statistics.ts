import { lnGamma, normalCdf } from './distributions.ts';

export { lnGamma, normalCdf, normalQuantile } from './distributions.ts';

/** A share of something with its 95 % interval, all between 0 and 1. */
export interface Share {
  share: number;
  low: number;
  high: number;
}

/** A difference of two shares, -1 to 1, with its 95 % interval. */
export interface Difference {
  difference: number;
  low: number;
  high: number;
}

/** The value in the middle, or the mean of the two in the middle; null for none. */
export function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const above = sorted[middle];
  if (above === undefined) return null;
  return sorted.length % 2 === 1 ? above : ((sorted[middle - 1] ?? above) + above) / 2;
}

/** The 97.5 % point of the standard normal distribution. */
const Z = 1.959963984540054;

/**
 * The share k of n with Wilson's score interval (E. B. Wilson, 1927), two-sided 95 %: right for small bases too,
 * and never outside 0 to 1. 81 of 263 -> 30.8 % (25.5-36.6). With n = 0 nothing is known: 0-100 %.
 * @param k may have a fraction, as with weights: then n is the effective n
 * @param z how many standard errors to either side: more where the error itself is uncertain
 */
export function wilson(k: number, n: number, z: number = Z): Share {
  if (n === 0) return { share: 0, low: 0, high: 1 };
  const share = k / n;
  const z2 = z * z;
  const middle = (share + z2 / (2 * n)) / (1 + z2 / n);
  const half = (z / (1 + z2 / n)) * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  return { share, low: k === 0 ? 0 : middle - half, high: k === n ? 1 : middle + half };
}

/**
 * The 97.5 % point of Student's t with so many degrees of freedom, from 3 on within 0.02 (Cornish-Fisher expansion; Abramowitz
 * and Stegun 1964, 26.7.5).
 */
export function student(freedom: number): number {
  const [z, n] = [Z, freedom];
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  return z + (z ** 3 + z) / (4 * n) + second / n ** 2 + third / n ** 3;
}

/**
 * a less b with Newcombe's interval (R. G. Newcombe, 1998, method 10: a hybrid of two Wilson intervals); estimated and
 * weighted shares bring intervals of their own. 56/70 against 48/80 -> +20 points (5.2-33.4).
 */
export function newcombeOf(a: Share, b: Share): Difference {
  const difference = a.share - b.share;
  return {
    difference,
    low: difference - Math.hypot(a.share - a.low, b.high - b.share),
    high: difference + Math.hypot(a.high - a.share, b.share - b.low),
  };
}

/**
 * How likely chance alone is to set k1 of n1 and k2 of n2 at least so far apart, two-sided: Fisher's exact test where a
 * group is small (a cell with fewer than 5 expected), else the score test. 1 where one of them has no base.
 */
export function twoSharesP(k1: number, n1: number, k2: number, n2: number): number {
  const [k, n] = [k1 + k2, n1 + n2];
  if (n1 === 0 || n2 === 0 || k === 0 || k === n) return 1;
  if ((Math.min(n1, n2) * Math.min(k, n - k)) / n < 5) return fisher(k1, n1, k, n);
  const pooled = k / n;
  const z = (k1 / n1 - k2 / n2) / Math.sqrt(pooled * (1 - pooled) * (1 / n1 + 1 / n2));
  return Math.min(1, 2 * normalCdf(-Math.abs(z)));
}

/** The chances of all tables with these margins that are no likelier than the one that was seen. */
function fisher(k1: number, n1: number, k: number, n: number): number {
  const lnOf = (i: number) => lnChoose(n1, i) + lnChoose(n - n1, k - i) - lnChoose(n, k);
  // Two tables that are equally likely differ in their last digits only.
  const seen = lnOf(k1) + 1e-7;
  let sum = 0;
  for (let i = Math.max(0, k - (n - n1)); i <= Math.min(k, n1); i++) if (lnOf(i) <= seen) sum += Math.exp(lnOf(i));
  return Math.min(1, sum);
}

const lnChoose = (n: number, k: number): number => lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1);

/**
 * Which of several tests tell something from chance, in the order given, so that of those called true at most one in twenty
 * is expected to be chance (Y. Benjamini and Y. Hochberg, 1995).
 */
export function benjaminiHochberg(ps: readonly number[]): boolean[] {
  const ordered = [...ps].sort((a, b) => a - b);
  const last = ordered.findLastIndex((p, i) => p <= (0.05 * (i + 1)) / ps.length);
  const limit = last < 0 ? -1 : (ordered[last] ?? -1);
  return ps.map((p) => p <= limit);
}

/**
 * The net promoter score, -1 to 1, with its 95 % interval by the adjusted Wald method: three quarters of an answer added to
 * promoters and detractors each, three to all (J. Sauro and J. R. Lewis after A. Agresti and Y. Min, 2005).
 * 120 promoters and 60 detractors of 240 -> 25 (14-35).
 */
export function adjustedNps(
  promoters: number,
  detractors: number,
  n: number,
): { nps: number; low: number; high: number } {
  if (n === 0) return { nps: 0, low: -1, high: 1 };
  const [up, down] = [(promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)];
  const half = Z * Math.sqrt((up + down - (up - down) ** 2) / (n + 3));
  const nps = (promoters - detractors) / n;
  return {
    nps,
    low: Math.max(-1, Math.min(nps, up - down - half)),
    high: Math.min(1, Math.max(nps, up - down + half)),
  };
}

/** The people of one stratum: how many were asked, and how many of these answered. */
export interface Stratum {
  population: number;
  answered: number;
}

const LIGHTEST = 0.3;
const HEAVIEST = 3;

/**
 * The weight of each stratum's answers, so that together they stand for everybody asked: the stratum's share of those asked
 * over its share of those who answered, kept within 0.3 and 3, and 1 on average over the answers. A stratum without answers
 * has weight 1, which nobody carries.
 */
export function postStratify(strata: readonly Stratum[]): number[] {
  const answered = strata.reduce((sum, s) => sum + s.answered, 0);
  if (answered === 0) return strata.map(() => 1);
  // Nobody answers who was not asked; a list that says so all the same must not weigh an answer nothing.
  const raw = strata.map((s) => (s.answered > 0 ? Math.max(s.population, s.answered) / s.answered : 0));
  const mean = (weights: number[]) => weights.reduce((sum, w, i) => sum + w * (strata[i]?.answered ?? 0), 0) / answered;
  const weights = balanced(
    (factor) => raw.map((w) => Math.min(HEAVIEST, Math.max(LIGHTEST, w * factor))),
    mean,
    1 / mean(raw),
  );
  return weights.map((weight, i) => (raw[i] === 0 ? 1 : weight));
}

/** The weights whose mean is 1, by bisection: at a factor of 0 all are the lightest, at the heaviest weight all are that. */
function balanced(
  weightsAt: (factor: number) => number[],
  mean: (weights: number[]) => number,
  first: number,
): number[] {
  let [low, high, factor] = [0, HEAVIEST, first];
  for (let i = 0; i < 60 && Math.abs(mean(weightsAt(factor)) - 1) > 1e-12; i++) {
    if (mean(weightsAt(factor)) < 1) low = factor;
    else high = factor;
    factor = (low + high) / 2;
  }
  return weightsAt(factor);
}
