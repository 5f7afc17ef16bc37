import {
  benjaminiHochberg,
  newcombeOf,
  normalCdf,
  twoSharesP,
  wilson,
  type Difference,
} from '../../shared/statistics.ts';
import type { CodedShare, LeavingFigures, ReasonRow } from '../leaving-rules.ts';
import { trustIn } from '../rules.ts';
import type { Change } from './change.ts';

/** A period's figures, and all who left in it. */
export interface Side {
  figures: LeavingFigures;
  departures: Departures;
  /** How long the period is: one that is a day longer has as many more leavers by itself. */
  days: number;
}

/**
 * All who left in a period. Those who have come back since are among them: the report leaves them out, but whoever left longer
 * ago has had more time to come back, so that without them every later period would seem the worse one.
 */
interface Departures {
  count: number;
  lostMinor: number;
  /** The sum of squares of what each was worth. */
  squares: number;
}

/** A difference that is tested, with how likely chance alone makes one as large. */
interface Tested extends Difference {
  p: number;
  change: Change;
}

export const MOST_CHANGES = 5;
/** Half of a 95 % interval is so many standard errors. */
const Z = 1.959963984540054;

/** What a comparison found. */
export interface Changed {
  changes: Change[];
  /** How many figures were tested together; 0 where the bases are too small to say anything. */
  tested: number;
}

/** The names of reasons by the id of their code. */
type Names = ReadonlyMap<string, Record<string, string>>;

/**
 * What has changed from one period to the next, by more than chance: shares of all reasons (both bases 30 or more; Newcombe's
 * interval without 0; score test or Fisher's, of estimated shares by their own standard errors and those of who left), how many left, and what they
 * were worth (as if each left on their own: Poisson, and its compound), all tested together by Benjamini and Hochberg at 5 %.
 */
export function changesBetween(now: Side, before: Side, names: Names): Changed {
  const tests = [...totalsTested(now, before), ...reasonsTested(now.figures, before.figures, names)];
  const isTold = benjaminiHochberg(tests.map(({ p }) => p));
  const told = tests.filter(({ low, high }, i) => isTold[i] && (low > 0 || high < 0));
  return { changes: told.slice(0, MOST_CHANGES).map(({ change }) => change), tested: tests.length };
}

/** Whether shares of both periods can be compared at all. */
export const isComparable = (a: LeavingFigures, b: LeavingFigures): boolean => isSound(a) && isSound(b);

const isSound = ({ base, basis }: LeavingFigures): boolean =>
  trustIn(base) === 'sound' && (basis === 'counted' || basis === 'estimated');

/** The largest differences first. */
function reasonsTested(now: LeavingFigures, before: LeavingFigures, names: Names): Tested[] {
  if (!isComparable(now, before)) return [];
  return pairs(now, before)
    .flatMap(([a, b]) => {
      const sides = [byChance(a.coded, now), byChance(b.coded, before)] as const;
      const difference = differenceOf(...sides);
      if (!difference) return [];
      const isCounted = now.basis === 'counted' && before.basis === 'counted';
      const p = isCounted ? twoSharesP(a.count, now.base, b.count, before.base) : pOfShares(...sides);
      const reason = { key: a.key, codeId: a.codeId, names: names.get(a.codeId) ?? {} };
      return [tested('reason', difference, { now: a.coded.share, before: b.coded.share }, p, reason)];
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference));
}

const NONE: CodedShare = { share: 0, low: 0, high: 0 };

/** The reasons of both periods; one that only one of them has (retired since, new) is compared with none. */
function pairs(now: LeavingFigures, before: LeavingFigures): [ReasonRow, ReasonRow][] {
  const none = (row: ReasonRow): ReasonRow => ({ ...row, count: 0, coded: NONE });
  const earlier = new Map(before.reasons.map((row) => [row.codeId, row]));
  const later = new Set(now.reasons.map(({ codeId }) => codeId));
  const gone = before.reasons.filter(({ codeId }) => !later.has(codeId));
  return [
    ...now.reasons.map((row): [ReasonRow, ReasonRow] => [row, earlier.get(row.codeId) ?? none(row)]),
    ...gone.map((row): [ReasonRow, ReasonRow] => [none(row), row]),
  ];
}

/** Of two shares with their intervals; null where one has none. */
export function differenceOf(a: CodedShare, b: CodedShare): Difference | null {
  if (a.low === null || a.high === null || b.low === null || b.high === null) return null;
  return newcombeOf({ ...a, low: a.low, high: a.high }, { ...b, low: b.low, high: b.high });
}

/**
 * A share for comparing. Two periods differ by who happened to leave, as counted shares' intervals have it; an estimated share's
 * is only about what was not audited of those who did. Both together, as independent errors: audited whole it is Wilson's.
 */
export function byChance(coded: CodedShare, { base, basis }: LeavingFigures): CodedShare {
  const { share, low, high } = coded;
  if (basis === 'counted' || low === null || high === null || base === 0) return coded;
  const counted = wilson(share * base, base);
  return {
    share,
    low: Math.max(0, share - Math.hypot(share - low, share - counted.low)),
    high: Math.min(1, share + Math.hypot(high - share, counted.high - share)),
  };
}

/** Figures that stand beside those of other groups or other times, with each share as `byChance`. */
export const forComparing = (figures: LeavingFigures): LeavingFigures => ({
  ...figures,
  reasons: figures.reasons.map((row) => ({ ...row, coded: byChance(row.coded, figures) })),
});

const pOfShares = (a: CodedShare, b: CodedShare): number =>
  pOfZ((a.share - b.share) / Math.hypot(errorOf(a), errorOf(b)));

const errorOf = ({ low, high }: CodedShare): number => ((high ?? 1) - (low ?? 0)) / (2 * Z);
const pOfZ = (z: number): number => (Number.isFinite(z) ? Math.min(1, 2 * normalCdf(-Math.abs(z))) : 1);

/** All who left are counted, not estimated: what is tested is whether more left than chance alone makes of the same risk. */
function totalsTested(now: Side, before: Side): Tested[] {
  const [a, b] = [now.departures, before.departures];
  if (trustIn(a.count) !== 'sound' || trustIn(b.count) !== 'sound') return [];
  const longer = now.days / before.days;
  const leavers = spread(a.count, b.count, a.count, b.count, longer);
  const money = spread(a.lostMinor, b.lostMinor, a.squares, b.squares, longer);
  const isWider = [now, before].some(({ figures, departures }) => departures.count > figures.leavers);
  return [
    tested('leavers', leavers, { now: a.count, before: b.count }, leavers.p),
    tested('money', money, { now: a.lostMinor, before: b.lostMinor }, money.p),
  ].map((each) => (isWider ? withReturned(each) : each));
}

/** Says that its figures are of more people than those of the table. */
const withReturned = (each: Tested): Tested => ({
  ...each,
  change: { ...each.change, key: `${each.change.key}.returned` },
});

function spread(now: number, before: number, varianceNow: number, varianceBefore: number, longer: number) {
  const difference = now - longer * before;
  const error = Math.sqrt(varianceNow + longer * longer * varianceBefore);
  return { difference, low: difference - Z * error, high: difference + Z * error, p: pOfZ(difference / error) };
}

function tested(
  about: Change['about'],
  { difference, low, high }: Difference,
  values: { now: number; before: number },
  p: number,
  reason: Change['reason'] = null,
): Tested {
  const direction = difference < 0 ? 'down' : 'up';
  const key = `changes.${about}.${direction}`;
  const change: Change = { key, about, direction, reason, values: { ...values, difference, low, high } };
  return { difference, low, high, p, change };
}
