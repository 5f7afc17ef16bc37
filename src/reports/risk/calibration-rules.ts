import { addDays } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { trustIn, type Trust } from '../rules.ts';
import { UNFITTED, type Fit } from './rules.ts';

/** A flag says what may happen within so many days; before that nothing is held against it. */
export const HORIZON_DAYS = 180;

export type Outcome = 'open' | 'left' | 'bought' | 'silent';

interface Since {
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
  const [all, middle] = [
    logit((left + 1) / (flags + 2)),
    tallies.reduce((sum, each) => sum + each.points * each.flags, 0) / flags,
  ];
  const found = newton(rows, { slope: UNFITTED.slope, offset: all - UNFITTED.slope * middle });
  return found.slope > 0 ? found : { slope: 0, offset: all };
}

const logit = (share: number) => Math.log(share / (1 - share));

interface Row {
  x: number;
  weight: number;
  target: number;
}

/** 1 / variance of the slope before anything is known. */
const PULL = 4;

/** The log-likelihood with what is held of the slope beforehand. Concave: there is one best line. */
function worthOf(rows: readonly Row[], { slope, offset }: Fit): number {
  const soft = (z: number) => (z > 30 ? z : Math.log1p(Math.exp(z)));
  const likely = rows.reduce((sum, { x, weight, target }) => {
    const z = offset + slope * x;
    return sum + weight * (target * z - soft(z));
  }, 0);
  return likely - (PULL / 2) * (slope - UNFITTED.slope) ** 2;
}

/** The full step of Newton's method from here. */
function stepFrom(rows: readonly Row[], { slope, offset }: Fit): Fit {
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
  return { offset: (h11 * g0 - h01 * g1) / determinant, slope: (h00 * g1 - h01 * g0) / determinant };
}

/** Steps are halved until they lead upwards: from far off a full one overshoots. */
function newton(rows: readonly Row[], from: Fit): Fit {
  let here = from;
  for (let i = 0; i < STEPS; i++) {
    const step = stepFrom(rows, here);
    const at = (size: number): Fit => ({
      slope: here.slope + size * step.slope,
      offset: here.offset + size * step.offset,
    });
    const now = worthOf(rows, here);
    let size = 1;
    while (size > 1e-6 && !(worthOf(rows, at(size)) >= now)) size /= 2;
    if (size <= 1e-6) break;
    here = at(size);
    if (Math.abs(step.slope) + Math.abs(step.offset) < 1e-10) break;
  }
  return here;
}

export function fitOf(tallies: readonly Tally[]): Fit {
  return fitTo(tallies) ?? UNFITTED;
}

/** Bounds of the bands of said chances, in hundredths; the last includes its end. */
const BANDS = [0, 25, 40, 55, 70, 100] as const;

interface ScoredCount {
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
