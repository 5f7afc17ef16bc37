/** One softmax over all codes: the weight of the calibrated log-odds and a leaning for each code. */
export interface MainReason {
  scale: number;
  leaning: number[];
}

const STRENGTH = 4;
const STEPS = 40;
const PACE = 0.5;
/** Nothing that a step moves less by is worth another walk over all answers. */
const SETTLED = 0.002;

/**
 * Learns which of several likely reasons is the main one: multinomial logistic regression on the calibrated log-odds ("vector
 * scaling", Guo et al. 2017), drawn towards plain log-odds so that few labels change little. `wanted` holds rows x codes
 * shares that add up to one; rows of zeros say nothing.
 */
export function learnMainReason(odds: Float64Array, wanted: Float32Array, codes: number): MainReason {
  const learned = { scale: 1, leaning: new Array<number>(codes).fill(0) };
  const rows = odds.length / codes;
  const slope = new Float64Array(codes + 1);
  const chances = new Float64Array(codes);
  for (let step = 0; step < STEPS; step++) {
    slope.fill(0);
    for (let row = 0; row < rows; row++) addSlope(learned, odds, wanted, row * codes, chances, slope);
    const byScale = slope[codes]! + STRENGTH * (learned.scale - 1);
    const scale = Math.max(0.2, learned.scale - (PACE * byScale) / (2 * rows + STRENGTH));
    let moved = Math.abs(scale - learned.scale);
    learned.scale = scale;
    for (let code = 0; code < codes; code++) {
      const by = (4 * PACE * (slope[code]! + learned.leaning[code]!)) / (rows + STRENGTH);
      learned.leaning[code]! -= by;
      moved = Math.max(moved, Math.abs(by));
    }
    if (moved < SETTLED) break;
  }
  return learned;
}

function addSlope(
  learned: MainReason,
  odds: Float64Array,
  wanted: Float32Array,
  from: number,
  chances: Float64Array,
  slope: Float64Array,
): void {
  const codes = chances.length;
  let said = 0;
  for (let code = 0; code < codes; code++) said += wanted[from + code]!;
  if (said === 0) return;
  mainChances(learned, odds, from, chances);
  for (let code = 0; code < codes; code++) {
    const over = chances[code]! - wanted[from + code]!;
    slope[code]! += over;
    slope[codes]! += over * odds[from + code]!;
  }
}

/** Writes the probability of each code to be the main reason into `chances`; they add up to one. */
export function mainChances(
  { scale, leaning }: MainReason,
  odds: Float64Array,
  from: number,
  chances: Float64Array,
): void {
  const codes = chances.length;
  let top = -Infinity;
  for (let code = 0; code < codes; code++) {
    chances[code] = leaning[code]! + scale * odds[from + code]!;
    if (chances[code]! > top) top = chances[code]!;
  }
  let sum = 0;
  for (let code = 0; code < codes; code++) sum += chances[code] = Math.exp(chances[code]! - top);
  for (let code = 0; code < codes; code++) chances[code]! /= sum;
}
