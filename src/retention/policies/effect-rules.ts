import { addDays, addMonths, daysBetween } from '../../shared/dates.ts';
import { newcombeOf, normalQuantile, type Difference } from '../../shared/statistics.ts';
import type { Figure } from '../figures.ts';

/** Days, both included. */
export interface Window {
  from: string;
  to: string;
}

interface Windows {
  days: number;
  before: Window;
  after: Window;
  /** The days of `after`, a year earlier; null where `before` is that year itself. */
  yearBefore: Window | null;
}

const YEAR_DAYS = 365;
/** Below so many answers a share says nothing; below the second it is an indication. */
export const FEW = 10;
export const INDICATIVE = 30;

/** As many days before a policy came into force as it has been in force, a year at most; null where that is still to come. */
export function windowsOf(inForceOn: string, until: string): Windows | null {
  const days = Math.min(YEAR_DAYS, daysBetween(inForceOn, until) + 1);
  if (days < 1) return null;
  const after = { from: inForceOn, to: addDays(inForceOn, days - 1) };
  const before = { from: addDays(inForceOn, -days), to: addDays(inForceOn, -1) };
  const year = { from: addMonths(after.from, -12), to: addMonths(after.to, -12) };
  return { days, before, after, yearBefore: days === YEAR_DAYS ? null : year };
}

/** `few`: too few answers on one side; `not_told`: the interval of the difference contains none. */
type Verdict = 'few' | 'not_told' | 'lower' | 'higher';

export interface Comparison {
  verdict: Verdict;
  /** After minus before, with Newcombe's 95 % interval; null where there are too few. */
  difference: Difference | null;
  /** With a base below thirty on one side. */
  indicative: boolean;
  /** `few`: so many answers are missing, before and after. `not_told`: so many on each side would tell such a difference. */
  missing: { before: number; after: number };
  needed: number | null;
}

/** Source: Newcombe (1998), hybrid of two Wilson intervals. */
export function comparisonOf(before: Figure, after: Figure): Comparison {
  const missing = { before: Math.max(0, FEW - before.base), after: Math.max(0, FEW - after.base) };
  const indicative = Math.min(before.base, after.base) < INDICATIVE;
  const [a, b] = [shareOf(after), shareOf(before)];
  if (missing.before > 0 || missing.after > 0 || !a || !b)
    return { verdict: 'few', difference: null, indicative, missing, needed: null };
  const difference = newcombeOf(a, b);
  const verdict = difference.high < 0 ? 'lower' : difference.low > 0 ? 'higher' : 'not_told';
  const needed = verdict === 'not_told' ? neededFor(b.share, a.share) : null;
  return { verdict, difference, indicative, missing, needed };
}

function shareOf({ value, low, high }: Figure) {
  return value === null || low === null || high === null ? undefined : { share: value, low, high };
}

const SURE = normalQuantile(0.975);
const POWER = normalQuantile(0.8);
const MOST_NEEDED = 100_000;

/**
 * Answers on each side with which a difference like this would be told from chance four times in five (two-sided 5 %);
 * null where there is hardly any difference. Source: Fleiss, Levin and Paik (2003), 4.2, without continuity correction.
 */
export function neededFor(p1: number, p2: number): number | null {
  if (p1 === p2) return null;
  const middle = (p1 + p2) / 2;
  const even = SURE * Math.sqrt(2 * middle * (1 - middle));
  const apart = POWER * Math.sqrt(p1 * (1 - p1) + p2 * (1 - p2));
  const needed = Math.ceil(((even + apart) / (p1 - p2)) ** 2);
  return needed > MOST_NEEDED ? null : needed;
}

export interface Effect {
  windows: Windows;
  before: Figure;
  after: Figure;
  comparison: Comparison;
  /** The same months a year before; null where the window is a whole year or nobody answered then. */
  yearBefore: { figure: Figure; comparison: Comparison } | null;
}

/** Puts the figures of the windows together. */
export function effectOf(windows: Windows, before: Figure, after: Figure, yearBefore: Figure | null): Effect {
  const known = yearBefore !== null && yearBefore.base > 0;
  return {
    windows,
    before,
    after,
    comparison: comparisonOf(before, after),
    yearBefore: known ? { figure: yearBefore, comparison: comparisonOf(yearBefore, after) } : null,
  };
}
