/** One softmax over all codes: the weight of the calibrated log-odds and a leaning for each code. */
export interface MainReason {
  scale: number;
  leaning: number[];
}

const STRENGTH = 4;
const STEPS = 12;
/** No step takes a leaning or the scale further. */
const FURTHEST = 2;
const LEAST_SCALE = 0.2;
/** Nothing that a step moves less by is worth another walk over all answers. */
const SETTLED = 0.001;

/**
 * Learns which of several likely reasons is the main one: multinomial logistic regression on the calibrated log-odds ("vector
 * scaling", Guo et al. 2017) by Newton's method, drawn towards plain log-odds so that few labels change little. `wanted`
 * holds rows x codes shares that add up to one; rows of zeros say nothing.
 */
export function learnMainReason(odds: Float64Array, wanted: Float32Array, codes: number): MainReason {
  const learned = { scale: 1, leaning: new Array<number>(codes).fill(0) };
  for (let step = 0; step < STEPS; step++) {
    const { slope, bend } = slopeAt(learned, odds, wanted, codes);
    const by = solved(bend, slope);
    const length = Math.min(1, FURTHEST / Math.max(...by.map(Math.abs)));
    for (let code = 0; code < codes; code++) learned.leaning[code]! -= length * by[code]!;
    learned.scale = Math.max(LEAST_SCALE, learned.scale - length * by[codes]!);
    if (by.every((each) => Math.abs(each) < SETTLED)) break;
  }
  return learned;
}

/** First and second derivatives by the leanings and, last, the scale; of the symmetric second ones the lower half. */
function slopeAt(learned: MainReason, odds: Float64Array, wanted: Float32Array, codes: number) {
  const size = codes + 1;
  const slope = Float64Array.from([...learned.leaning, STRENGTH * (learned.scale - 1)]);
  const bend = new Float64Array(size * size);
  for (let code = 0; code < size; code++) bend[code * size + code] = code < codes ? 1 : STRENGTH;
  const chances = new Float64Array(codes);
  for (let from = 0; from < odds.length; from += codes) {
    if (!saysAny(wanted, from, codes)) continue;
    mainChances(learned, odds, from, chances);
    let mean = 0;
    for (let code = 0; code < codes; code++) mean += chances[code]! * odds[from + code]!;
    for (let code = 0, at = 0; code < codes; code++, at += size) {
      const chance = chances[code]!;
      const odd = odds[from + code]!;
      slope[code]! += chance - wanted[from + code]!;
      slope[codes]! += (chance - wanted[from + code]!) * odd;
      bend[at + code]! += chance;
      for (let other = 0; other <= code; other++) bend[at + other]! -= chance * chances[other]!;
      bend[codes * size + code]! += chance * (odd - mean);
      bend[size * size - 1]! += chance * (odd - mean) * odd;
    }
  }
  return { slope, bend };
}

function saysAny(wanted: Float32Array, from: number, codes: number): boolean {
  for (let code = 0; code < codes; code++) if (wanted[from + code]! > 0) return true;
  return false;
}

/** x of A x = b by Cholesky's method; of the symmetric, positive A the lower half is read, and lost. */
function solved(a: Float64Array, b: Float64Array): number[] {
  const size = b.length;
  const x = [...b];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * size + k]! * a[j * size + k]!;
      a[i * size + j] = i === j ? Math.sqrt(sum) : sum / a[j * size + j]!;
    }
    for (let k = 0; k < i; k++) x[i]! -= a[i * size + k]! * x[k]!;
    x[i]! /= a[i * size + i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i]! -= a[k * size + i]! * x[k]!;
    x[i]! /= a[i * size + i]!;
  }
  return x;
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
