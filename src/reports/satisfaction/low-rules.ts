import { benjaminiHochberg } from '../../shared/statistics.ts';

/** So many responses with each score from 1 to 5. */
export type ByScore = readonly [number, number, number, number, number];

export interface LowScore {
  /** Those who speak of it, and those who answered the same question and do not. */
  carrying: number;
  others: number;
  /** Mean score of those who speak of it less that of the others, with its 95 % interval. */
  difference: number;
  low: number;
  high: number;
  /** How likely chance alone sets them so far apart, two-sided. */
  p: number;
}

/** Under so many on either side nothing is compared. */
export const FEWEST = 10;
const DRAWS = 4000;
/** From so many expected on either side a binomial count is drawn as a rounded normal one. */
const MANY = 20;

/**
 * The difference of two mean scores with its percentile bootstrap interval (Efron 1979): both groups are drawn anew, each
 * within itself, as whole counts by score. Null where a group is too small.
 */
export function goesWith(carrying: ByScore, others: ByScore, random: () => number, draws = DRAWS): LowScore | null {
  const [n, m] = [sum(carrying), sum(others)];
  if (n < FEWEST || m < FEWEST) return null;
  const difference = meanOf(carrying, n) - meanOf(others, m);
  const drawn = Float64Array.from(
    { length: draws },
    () => drawnMean(carrying, n, random) - drawnMean(others, m, random),
  );
  drawn.sort();
  const at = (share: number) => drawn[Math.min(draws - 1, Math.floor(share * draws))]!;
  const below = drawn.filter((each) => each <= 0).length;
  const above = drawn.filter((each) => each >= 0).length;
  const p = Math.min(1, (2 * (Math.min(below, above) + 1)) / (draws + 1));
  return { carrying: n, others: m, difference, low: at(0.025), high: at(0.975), p };
}

/** Which of several differences are told from chance (Benjamini-Hochberg at 5 %). */
export function toldApart<T extends LowScore>(all: T[]): (T & { told: boolean })[] {
  const told = benjaminiHochberg(all.map(({ p }) => p));
  return all.map((each, i) => ({ ...each, told: told[i] ?? false }));
}

const sum = (counts: ByScore): number => counts.reduce((total, each) => total + each, 0);
const meanOf = (counts: ByScore, n: number): number =>
  counts.reduce((total, count, i) => total + count * (i + 1), 0) / n;

/** The mean of as many scores, drawn with replacement: counts by score are multinomial, one binomial after another. */
function drawnMean(counts: ByScore, n: number, random: () => number): number {
  let left = n;
  let mass = n;
  let total = 0;
  for (let i = 0; i < counts.length && left > 0; i++) {
    const count = counts[i]!;
    const drawn = mass > 0 ? binomial(left, count / mass, random) : 0;
    total += drawn * (i + 1);
    left -= drawn;
    mass -= count;
  }
  return total / n;
}

function binomial(n: number, p: number, random: () => number): number {
  if (p <= 0 || n === 0) return 0;
  if (p >= 1) return n;
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  const expected = n * p;
  if (expected > MANY) {
    const deviation = Math.sqrt(expected * (1 - p)) * gaussian(random);
    return Math.max(0, Math.min(n, Math.round(expected + deviation)));
  }
  return successes(n, p, random);
}

/** Counts up until the chances of so many successes exceed a random point (inversion; Kachitvichyanukul and Schmeiser 1988). */
function successes(n: number, p: number, random: () => number): number {
  const odds = p / (1 - p);
  let left = random();
  let chance = Math.exp(n * Math.log1p(-p));
  let found = 0;
  while (left > chance && found < n) {
    left -= chance;
    found++;
    chance *= (odds * (n - found + 1)) / found;
  }
  return found;
}

/** Box and Muller, 1958. */
const gaussian = (random: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
