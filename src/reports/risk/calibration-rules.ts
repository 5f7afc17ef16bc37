import { addDays } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { trustIn, type Trust } from '../rules.ts';
import { UNFITTED, type Fit } from './rules.ts';

/** A flag says what may happen within so many days; before that nothing is held against it. */
export const HORIZON_DAYS = 180;

export type Outcome = 'open' | 'left' | 'bought' | 'silent';

export interface Since {
  leftOn: string | null;
  /** The first day on which they bought after the flag. */
  boughtOn: string | null;
}

/**
 * What became of a flag. Left: a person or an import says that they left within the time, whatever they bought before.
 * Bought: else, a purchase within the time. Silent: neither, and the time is over; that is not the same as left.
 */
export function outcomeOf(
  flaggedOn: string,
  { leftOn, boughtOn }: Since,
  today: string,
): { outcome: Outcome; decidedOn: string | null } {
  const last = addDays(flaggedOn, HORIZON_DAYS);
  const within = (day: string | null): day is string => day !== null && day >= flaggedOn && day <= last;
  if (within(leftOn)) return { outcome: 'left', decidedOn: leftOn };
  if (within(boughtOn)) return { outcome: 'bought', decidedOn: boughtOn };
  return today > last ? { outcome: 'silent', decidedOn: last } : { outcome: 'open', decidedOn: null };
}

/** How many flags had these points, and how many of their customers left. */
export interface Tally {
  points: number;
  flags: number;
  left: number;
}

/** With fewer flags, or fewer of either outcome, the starting weights stand. */
export const [LEAST_FLAGS, LEAST_EACH] = [50, 10];
const STEPS = 50;

/**
 * Platt's scaling: the logistic line through what became of earlier flags, by Newton's method on the likelihood, with
 * his smoothed targets (J. C. Platt, 1999). The slope is held towards that of the starting weights (normal around 1, with
 * a standard deviation of a half), so that a few dozen flags do not tear it about. Never falling: where more points went
 * with fewer leavers, all flags get the one share. Undefined while there are too few.
 */
export function fitTo(tallies: readonly Tally[]): Fit | undefined {
  const flags = tallies.reduce((sum, each) => sum + each.flags, 0);
  const left = tallies.reduce((sum, each) => sum + each.left, 0);
  if (flags < LEAST_FLAGS || left < LEAST_EACH || flags - left < LEAST_EACH) return undefined;
  const [yes, no] = [(left + 1) / (left + 2), 1 / (flags - left + 2)];
  const rows = tallies.map((each) => ({
    x: each.points,
    weight: each.flags,
    target: (each.left * yes + (each.flags - each.left) * no) / each.flags,
  }));
  const found = newton(rows, { slope: UNFITTED.slope, offset: logit((left + 1) / (flags + 2)) });
  return found.slope > 0 ? found : { slope: 0, offset: logit((left + 1) / (flags + 2)) };
}

const logit = (share: number) => Math.log(share / (1 - share));

interface Row {
  x: number;
  weight: number;
  target: number;
}

/** 1 / variance of the slope before anything is known. */
const PULL = 4;

function newton(rows: readonly Row[], from: Fit): Fit {
  let { slope, offset } = from;
  for (let step = 0; step < STEPS; step++) {
    let [g0, g1, h00, h01, h11] = [0, PULL * (UNFITTED.slope - slope), 1e-9, 0, PULL];
    for (const { x, weight, target } of rows) {
      const p = 1 / (1 + Math.exp(-(offset + slope * x)));
      const [error, curve] = [weight * (target - p), weight * p * (1 - p)];
      g0 += error;
      g1 += error * x;
      h00 += curve;
      h01 += curve * x;
      h11 += curve * x * x;
    }
    const determinant = h00 * h11 - h01 * h01;
    if (!(determinant > 0)) break;
    const [d0, d1] = [(h11 * g0 - h01 * g1) / determinant, (h00 * g1 - h01 * g0) / determinant];
    const size = Math.max(1, Math.abs(d0) / 5, Math.abs(d1) / 5);
    offset += d0 / size;
    slope += d1 / size;
    if (Math.abs(d0) + Math.abs(d1) < 1e-10) break;
  }
  return { slope, offset };
}

export function fitOf(tallies: readonly Tally[]): Fit {
  return fitTo(tallies) ?? UNFITTED;
}

/** Bounds of the bands of said chances, in hundredths; the last includes its end. */
export const BANDS = [0, 25, 40, 55, 70, 100] as const;

export interface ScoredCount {
  score: number;
  outcome: Outcome;
  flags: number;
}

export interface Band {
  from: number;
  to: number;
  flags: number;
  left: number;
  bought: number;
  silent: number;
  /** The mean of what was said. */
  said: number;
  /** What happened: left / flags, with Wilson's interval. */
  happened: Share;
  trust: Trust;
}

/** What was said beside what happened, for flags whose time is over. Bands without a flag are left out. */
export function bandsOf(counts: readonly ScoredCount[]): Band[] {
  return BANDS.slice(1).flatMap((to, i) => {
    const from = BANDS[i] ?? 0;
    const inside = counts.filter(({ score }) => {
      const hundredths = Math.round(score * 100);
      return hundredths >= from && (hundredths < to || (to === 100 && hundredths === 100));
    });
    const sum = (of: readonly ScoredCount[]) => of.reduce((total, each) => total + each.flags, 0);
    const of = (outcome: Outcome) => sum(inside.filter((each) => each.outcome === outcome));
    const flags = sum(inside);
    if (flags === 0) return [];
    const said = inside.reduce((total, each) => total + each.score * each.flags, 0) / flags;
    const [left, bought, silent] = [of('left'), of('bought'), of('silent')];
    return [{ from, to, flags, left, bought, silent, said, happened: wilson(left, flags), trust: trustIn(flags) }];
  });
}
