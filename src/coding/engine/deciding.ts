import { f1, plus, type Counts } from './figures.ts';

/**
 * From probabilities to codes. `each`: every code over its threshold. `some`: these, and the likeliest code where even that
 * one falls short but is not below the floor. `one`: the main reason alone, for codings that give every answer one code.
 */
export interface Rule {
  kind: 'each' | 'some' | 'one';
  thresholds: number[];
  floor: number;
}

/** Before any label: an answer mostly has something to say. */
export const COLD_RULE = { kind: 'some', threshold: 0.25, floor: 0.2 } as const;

export function coldRule(codes: number): Rule {
  return {
    kind: COLD_RULE.kind,
    thresholds: new Array<number>(codes).fill(COLD_RULE.threshold),
    floor: COLD_RULE.floor,
  };
}

/** Which codes stand: 0 or 1 each. `mains` are the probabilities of being the main reason. */
export function decide(rule: Rule, chances: ArrayLike<number>, mains: ArrayLike<number>): Uint8Array {
  const decided = new Uint8Array(chances.length);
  if (rule.kind === 'one') {
    decided[likeliest(mains)] = 1;
    return decided;
  }
  for (let code = 0; code < decided.length; code++) decided[code] = chances[code]! >= rule.thresholds[code]! ? 1 : 0;
  const first = likeliest(chances);
  if (rule.kind === 'some' && chances[first]! >= rule.floor) decided[first] = 1;
  return decided;
}

/** The first of the greatest. */
export function likeliest(chances: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < chances.length; i++) if (chances[i]! > chances[best]!) best = i;
  return best;
}

/** So many labels draw the common threshold half the way from the cold start's to their own. */
const HALF_COMMON = 40;
/** So many answers that carry a code draw its threshold half the way from the common one, which is best where chances are true. */
const HALF_OF_CODE = 400;
const LOWEST = 0.08;
const STEP = 0.01;
const STEPS = Array.from({ length: 61 }, (_, i) => LOWEST + i * STEP);

/**
 * A threshold for each code: one common threshold that maximises micro-F1, and from there each code its own, drawn back to
 * the common one the more the fewer answers carry the code (Fan and Lin 2007 warn of thresholds fitted to few labels).
 */
export function fitThresholds(chances: Float64Array, truth: Uint8Array, codes: number): number[] {
  const tallies = talliesOf(chances, truth, codes);
  const common = drawn(best(tallies, NOTHING), COLD_RULE.threshold, truth.length / codes, HALF_COMMON);
  const totals = tallies.map((each) => countsAt(each, stepFor(common)));
  const all = totals.reduce(plus);
  return tallies.map((each, code) => {
    const rest = minus(all, totals[code]!);
    return drawn(best([each], rest), common, each.truths, HALF_OF_CODE);
  });
}

const drawn = (own: number, to: number, labels: number, half: number) => (own * labels + to * half) / (labels + half);

const NOTHING: Counts = { hit: 0, truths: 0, told: 0 };
const minus = (a: Counts, b: Counts): Counts => ({
  hit: a.hit - b.hit,
  truths: a.truths - b.truths,
  told: a.told - b.told,
});

/** Of one code, by step: how many answers reach it, and how many of these carry the code. */
interface Tally {
  truths: number;
  told: Float64Array;
  hit: Float64Array;
}

/** One walk over all chances, whatever the number of thresholds to try. */
function talliesOf(chances: Float64Array, truth: Uint8Array, codes: number): Tally[] {
  const tallies = Array.from({ length: codes }, () => ({
    truths: 0,
    told: new Float64Array(STEPS.length),
    hit: new Float64Array(STEPS.length),
  }));
  for (let at = 0, code = 0; at < chances.length; at++, code = code + 1 === codes ? 0 : code + 1) {
    const tally = tallies[code]!;
    const step = highestReached(chances[at]!);
    tally.truths += truth[at]!;
    if (step < 0) continue;
    tally.told[step]!++;
    tally.hit[step]! += truth[at]!;
  }
  for (const { told, hit } of tallies) {
    for (let step = STEPS.length - 2; step >= 0; step--) {
      told[step]! += told[step + 1]!;
      hit[step]! += hit[step + 1]!;
    }
  }
  return tallies;
}

/** The last step that is not above a chance, or -1. */
function highestReached(chance: number): number {
  let step = Math.min(STEPS.length - 1, Math.floor((chance - LOWEST) / STEP) + 1);
  while (step >= 0 && STEPS[step]! > chance) step--;
  return step;
}

const countsAt = ({ truths, told, hit }: Tally, step: number): Counts => ({
  truths,
  told: told[step]!,
  hit: hit[step]!,
});

/** A threshold between two steps counts like the higher one. */
const stepFor = (threshold: number): number =>
  Math.max(
    0,
    STEPS.findIndex((each) => each >= threshold - 1e-12),
  );

/** The middle of the thresholds that do best, with what the rest contributes. */
function best(tallies: Tally[], rest: Counts): number {
  const scores = STEPS.map((_, step) => f1(tallies.map((each) => countsAt(each, step)).reduce(plus, rest)));
  const top = Math.max(...scores) - 1e-9;
  const at = STEPS.filter((_, i) => scores[i]! >= top);
  return at[at.length >> 1]!;
}

/** One code's values out of rows x codes. */
export function column(values: ArrayLike<number>, code: number, codes: number): Float64Array {
  const mine = new Float64Array(values.length / codes);
  for (let row = 0, at = code; row < mine.length; row++, at += codes) mine[row] = values[at]!;
  return mine;
}
