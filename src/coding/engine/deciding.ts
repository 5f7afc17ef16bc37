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

/** Labels that outweigh the common threshold by half. */
const HALF_WEIGHT = 40;
const STEPS = Array.from({ length: 61 }, (_, i) => 0.08 + i * 0.01);

/**
 * A threshold for each code: one common threshold that maximises micro-F1, and from there each code its own, drawn back to
 * the common one the more the fewer answers carry the code (Fan and Lin 2007 warn of thresholds fitted to few labels).
 */
export function fitThresholds(chances: Float64Array, truth: Uint8Array, codes: number): number[] {
  const common = drawn(commonThreshold(chances, truth), COLD_RULE.threshold, truth.length / codes);
  const totals = counts(chances, truth, codes, new Array<number>(codes).fill(common));
  return Array.from({ length: codes }, (_, code) => {
    const rest = totals.reduce((sum, each, i) => (i === code ? sum : plus(sum, each)), { hit: 0, truths: 0, told: 0 });
    const own = bestFor(chances, truth, codes, code, rest);
    return drawn(own, common, totals[code]!.truths);
  });
}

const drawn = (own: number, to: number, labels: number) => (own * labels + to * HALF_WEIGHT) / (labels + HALF_WEIGHT);

function commonThreshold(chances: Float64Array, truth: Uint8Array): number {
  return best((threshold) => f1(counts(chances, truth, 1, [threshold])[0]!));
}

function bestFor(chances: Float64Array, truth: Uint8Array, codes: number, code: number, rest: Counts): number {
  const mine = column(chances, code, codes);
  const right = column(truth, code, codes);
  return best((threshold) => f1(plus(rest, counts(mine, right, 1, [threshold])[0]!)));
}

/** The middle of the thresholds that do best. */
function best(score: (threshold: number) => number): number {
  const scores = STEPS.map(score);
  const top = Math.max(...scores) - 1e-9;
  const at = STEPS.filter((_, i) => scores[i]! >= top);
  return at[at.length >> 1]!;
}

function counts(chances: Float64Array, truth: ArrayLike<number>, codes: number, thresholds: number[]): Counts[] {
  const found = thresholds.map(() => ({ hit: 0, truths: 0, told: 0 }));
  for (let at = 0, code = 0; at < chances.length; at++, code = code + 1 === codes ? 0 : code + 1) {
    const each = found[code]!;
    const told = chances[at]! >= thresholds[code]! ? 1 : 0;
    each.told += told;
    each.truths += truth[at]!;
    each.hit += told & truth[at]!;
  }
  return found;
}

/** One code's values out of rows x codes. */
export function column(values: ArrayLike<number>, code: number, codes: number): Float64Array {
  const mine = new Float64Array(values.length / codes);
  for (let row = 0, at = code; row < mine.length; row++, at += codes) mine[row] = values[at]!;
  return mine;
}
