import { newcombeOf, normalCdf, normalQuantile, wilson, type Difference, type Share } from '../../shared/statistics.ts';

/** Days in which a purchase counts as having come back. */
export const WINDOWS = [90, 180] as const;
export type Window = (typeof WINDOWS)[number];

/** Customers drawn at one share of the holdout (in percent), in one arm, whose days have fully passed. */
export interface DrawnGroup {
  share: number;
  heldOut: boolean;
  /** Whose window has passed. */
  base: number;
  /** Of these, who bought within it. */
  back: number;
}

interface Arm extends Share {
  base: number;
  back: number;
}

export interface Effect {
  /** Asked and offered, as they were drawn, whatever became of it; and held out. */
  treated: Arm;
  held: Arm;
  difference: Difference;
  /** What the interval says: nothing while it holds 0, or an arm has fewer than ten. */
  verdict: 'more' | 'fewer' | 'cannot_say';
  /** The smallest share coming back that would show against the holdout's; null where there is no base. */
  detectable: number | null;
  /** How many more must be drawn for a difference of so many points to show. */
  needed: { points: number; more: number };
}

/** Two-sided 5 %, and found in 80 of 100 cases. */
const ALPHA = 0.05;
const POWER = 0.8;
/** Of fewer nothing is said. */
export const LEAST = 10;

/**
 * A programme against its holdout, analysed as assigned. Within one share of the holdout chance alone decided who was held
 * out; draws at several shares are pooled with weights n1 n2 / (n1 + n2) (N. Mantel and W. Haenszel, 1959), each arm with
 * Wilson's interval at its effective n, the difference with Newcombe's. With one share these are the plain counts.
 */
export function effectOf(groups: readonly DrawnGroup[], known: Known = {}): Effect {
  const strata = [...Map.groupBy(groups, ({ share }) => share).values()]
    .map((of) => ({ treated: sum(of, false), held: sum(of, true) }))
    .filter(({ treated, held }) => treated.base > 0 && held.base > 0);
  const weights = strata.map(({ treated, held }) => (treated.base * held.base) / (treated.base + held.base));
  const treated = armOf(
    strata.map((each) => each.treated),
    weights,
  );
  const held = armOf(
    strata.map((each) => each.held),
    weights,
  );
  const difference = newcombeOf(treated, held);
  return {
    treated,
    held,
    difference,
    verdict: verdictOf(difference, Math.min(treated.base, held.base)),
    detectable: held.base === 0 ? null : detectable(assumed(held, known.usual), treated.base, held.base),
    needed: neededFor(treated, held, known),
  };
}

/** What is known besides those whose days have passed. */
interface Known {
  /** Drawn already, whose days have not passed. */
  open?: number;
  /** The part that is held out from now on, 0 to 1. */
  part?: number | undefined;
  /** The share coming back by itself, where the holdout is too small to say. */
  usual?: number | undefined;
}

interface Count {
  base: number;
  back: number;
}

function sum(groups: readonly DrawnGroup[], heldOut: boolean): Count {
  const own = groups.filter((group) => group.heldOut === heldOut);
  return { base: own.reduce((n, { base }) => n + base, 0), back: own.reduce((n, { back }) => n + back, 0) };
}

function armOf(strata: readonly Count[], weights: readonly number[]): Arm {
  const counts = { base: strata.reduce((n, s) => n + s.base, 0), back: strata.reduce((n, s) => n + s.back, 0) };
  if (counts.base === 0) return { ...counts, ...wilson(0, 0) };
  const total = weights.reduce((all, weight) => all + weight, 0);
  const parts = strata.map(({ base, back }, i) => ({ weight: (weights[i] ?? 0) / total, base, share: back / base }));
  const share = parts.reduce((so, part) => so + part.weight * part.share, 0);
  const effective = 1 / parts.reduce((so, part) => so + part.weight ** 2 / part.base, 0);
  return { ...counts, ...wilson(share * effective, effective), share };
}

function verdictOf({ low, high }: Difference, least: number): Effect['verdict'] {
  if (least < LEAST || (low <= 0 && high >= 0)) return 'cannot_say';
  return low > 0 ? 'more' : 'fewer';
}

/** The holdout's own share, where it has a base; else one in twenty. */
const USUAL = 0.05;
const assumed = ({ base, share }: Arm, usual = USUAL): number =>
  Math.min(0.9, Math.max(0.01, base < LEAST ? usual : share));

const quantiles = () => normalQuantile(1 - ALPHA / 2) + normalQuantile(POWER);

/**
 * The smallest share above the holdout's that so many would show, at 5 % and a power of 80 %; 1 where none would.
 * 5 % of 28 against 112 -> 21 %.
 */
export function detectable(held: number, treatedBase: number, heldBase: number): number {
  const shows = (share: number) =>
    normalCdf(
      (share - held) / Math.sqrt((share * (1 - share)) / treatedBase + (held * (1 - held)) / heldBase) -
        normalQuantile(1 - ALPHA / 2),
    ) >= POWER;
  if (treatedBase === 0 || heldBase === 0 || !shows(1)) return 1;
  let [low, high] = [held, 1];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (shows(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** Differences that somebody may want to see, in points. */
const POINTS = [10, 5, 3, 2, 1];

/**
 * How many must be drawn in all, of whom one part is held out, for the difference of two shares to show, at 5 % and a power
 * of 80 % (J. L. Fleiss, 1981, without correction for continuity). 10 % against 5 %, half held out -> 864.
 */
export function neededInAll(treated: number, held: number, heldPart: number): number {
  const spread = (treated * (1 - treated)) / (1 - heldPart) + (held * (1 - held)) / heldPart;
  return Math.ceil((quantiles() ** 2 * spread) / (treated - held) ** 2);
}

/** The next smaller difference that cannot be seen yet, and how many more it takes, besides those whose days run. */
function neededFor(treated: Arm, held: Arm, { open = 0, part, usual }: Known): Effect['needed'] {
  const due = treated.base + held.base;
  const sofar = held.base === 0 || treated.base === 0 ? 0.5 : held.base / due;
  const [share, drawn] = [assumed(held, usual), due + open];
  const steps = POINTS.map((points) => ({
    points,
    more: neededInAll(Math.min(0.99, share + points / 100), share, part ?? sofar) - drawn,
  }));
  return steps.find(({ more }) => more > 0) ?? { points: 1, more: 0 };
}

/** One return of somebody who had left; days are 'YYYY-MM-DD'. */
interface Returned {
  returnedOn: string;
  /** The purchase after the one with which they came back. */
  againOn: string | null;
  leftAgainOn: string | null;
}

/** Whether they were still there so many days later: bought once more by then, and had not left again. */
export function stillThere({ againOn, leftAgainOn }: Returned, by: string): boolean {
  return againOn !== null && againOn <= by && (leftAgainOn === null || leftAgainOn > by);
}
