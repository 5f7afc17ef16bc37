import { normalCdf, wilson, type Share } from '../../shared/statistics.ts';

/**
 * What happened in one step of the time since people became customers: how many came under observation at its end (they
 * count from the next step on), left in it, or were watched until its end and no longer.
 */
export interface Tick {
  t: number;
  entered: number;
  left: number;
  ended: number;
}

/** A step at which somebody left: the share of all still there after it. */
interface Step extends Share {
  t: number;
  atRisk: number;
  left: number;
}

export interface Curve {
  steps: Step[];
  /** Where it begins: all later shares are of those who were still there then. 0 where enough were followed from the start. */
  from: number;
  /** The last time of which the curve still says something; 0 where there are too few from the start. */
  until: number;
}

/** Below this many still watched, a curve says nothing any more. */
const LEAST_AT_RISK = 10;
/** A curve that begins late begins where so many are watched: all that follows rests on its first steps. */
const LEAST_LATE = 20;
const Z = 1.959963984540054;

/** How many are watched at a time: whoever entered before it and neither left nor ended before it. */
export function atRiskAt(ticks: readonly Tick[], t: number): number {
  let count = 0;
  for (const tick of ticks) if (tick.t < t) count += tick.entered - tick.left - tick.ended;
  return count;
}

/**
 * The share of customers still there (E. L. Kaplan and P. Meier, 1958), with its 95 % interval on the log-log scale
 * (J. D. Kalbfleisch and R. L. Prentice, 1980) from Greenwood's variance. Late entry: whoever is known only since some
 * time counts among those at risk from then on (D. Y. Lin and others call it left truncation), never before. Where too few
 * are known from the start, the curve begins as soon as there are enough, and is about those who were still there then.
 * @param ticks in order of time
 */
export function kaplanMeier(ticks: readonly Tick[], least = LEAST_AT_RISK): Curve {
  const from = beginning(ticks, least);
  if (from === null) return { steps: [], from: 0, until: 0 };
  const steps: Step[] = [];
  let [atRisk, share, variance, until] = [atRiskAt(ticks, from), 1, 0, from];
  for (const { t, entered, left, ended } of ticks) {
    if (t < from) continue;
    if (t > from && atRisk < least) break;
    if (t > from && left > 0) {
      share *= 1 - left / atRisk;
      variance += atRisk > left ? left / (atRisk * (atRisk - left)) : 0;
      steps.push({ t, atRisk, left, share, ...logLog(share, variance, atRisk) });
    }
    until = t;
    atRisk += entered - left - ended;
  }
  return { steps, from, until };
}

/** From where on enough are watched; null where there never are. */
function beginning(ticks: readonly Tick[], least: number): number | null {
  let atRisk = 0;
  for (const { t, entered, left, ended } of ticks) {
    atRisk += entered - left - ended;
    if (atRisk >= (t === 0 ? least : Math.max(least, LEAST_LATE))) return t;
  }
  return null;
}

/** Where everybody has left the scale has no width; Wilson's interval for none of so many stands in. */
function logLog(share: number, variance: number, atRisk: number): { low: number; high: number } {
  if (share === 0) return { low: 0, high: wilson(0, atRisk).high };
  const half = (Z * Math.sqrt(variance)) / Math.abs(Math.log(share));
  return { low: share ** Math.exp(half), high: share ** Math.exp(-half) };
}

/** Null outside the curve. Before the first leaver all are there, by Wilson's interval for none of so many. */
export function shareAt({ steps, from, until }: Curve, t: number, atRisk: number): Share | null {
  if (t < from || t > until || until === 0) return null;
  const step = steps.findLast((each) => each.t <= t);
  return step ?? { share: 1, low: 1 - wilson(0, atRisk).high, high: 1 };
}

export interface LogRank {
  /** Leavers of the first group, and how many there would be if both left alike. */
  observed: number;
  expected: number;
  /** How likely chance alone is to set them so far apart, two-sided; null where nothing can be said. */
  p: number | null;
}

/** Whether two groups leave alike (N. Mantel, 1966), late entry included; both in order of time. */
export function logRank(a: readonly Tick[], b: readonly Tick[]): LogRank {
  const times = [...new Set([...a, ...b].map(({ t }) => t))].sort((x, y) => x - y);
  const [one, two] = [new Map(a.map((tick) => [tick.t, tick])), new Map(b.map((tick) => [tick.t, tick]))];
  let [atRiskA, atRiskB, observed, expected, variance] = [0, 0, 0, 0, 0];
  for (const t of times) {
    const [x, y] = [one.get(t) ?? NOTHING, two.get(t) ?? NOTHING];
    const [n, d] = [atRiskA + atRiskB, x.left + y.left];
    if (d > 0 && atRiskA > 0 && atRiskB > 0) {
      observed += x.left;
      expected += (d * atRiskA) / n;
      if (n > 1) variance += (d * (atRiskA / n) * (atRiskB / n) * (n - d)) / (n - 1);
    }
    atRiskA += x.entered - x.left - x.ended;
    atRiskB += y.entered - y.left - y.ended;
  }
  const p = variance > 0 ? 2 * normalCdf(-Math.abs(observed - expected) / Math.sqrt(variance)) : null;
  return { observed, expected, p };
}

const NOTHING = { entered: 0, left: 0, ended: 0 };

/** All but a part of them; the part is among all. */
export function without(all: readonly Tick[], part: readonly Tick[]): Tick[] {
  const less = new Map(part.map((tick) => [tick.t, tick]));
  return all
    .map((tick) => {
      const { entered, left, ended } = less.get(tick.t) ?? NOTHING;
      return { t: tick.t, entered: tick.entered - entered, left: tick.left - left, ended: tick.ended - ended };
    })
    .filter(({ entered, left, ended }) => entered + left + ended > 0);
}

export interface Churn {
  leavers: number;
  customerDays: number;
  /** Leavers / customer-days x 30, with its 95 % interval; null where nobody was a customer for a day. */
  rate: Share | null;
  /** The share who would stay a whole year at that rate. */
  retention: Share | null;
}

const YEAR = 365;
const CHURN_DAYS = 30;

/** Source: measures, "leavers / customer-days x 30"; retention is exp(-rate x year), as at a steady rate. */
export function churnOf(leavers: number, customerDays: number): Churn {
  if (customerDays <= 0) return { leavers, customerDays: 0, rate: null, retention: null };
  const { low, high } = poisson(leavers);
  const perDay = { share: leavers / customerDays, low: low / customerDays, high: high / customerDays };
  const kept = (daily: number) => Math.exp(-daily * YEAR);
  return {
    leavers,
    customerDays,
    rate: { share: perDay.share * CHURN_DAYS, low: perDay.low * CHURN_DAYS, high: perDay.high * CHURN_DAYS },
    retention: { share: kept(perDay.share), low: kept(perDay.high), high: kept(perDay.low) },
  };
}

/** The 95 % interval of a count: Byar's approximation of the exact one (N. E. Breslow and N. E. Day, 1987, II). */
export function poisson(count: number): { low: number; high: number } {
  const cube = (k: number, side: number) => k * (1 - 1 / (9 * k) + (side * Z) / (3 * Math.sqrt(k))) ** 3;
  return { low: count === 0 ? 0 : Math.max(0, cube(count, -1)), high: cube(count + 1, 1) };
}
