import { seeded, shuffled } from './random.ts';
import { rowCount, type Rows } from './rows.ts';

/** Weights of a feature take a multiple of four places, so that four codes are served at a time. */
export const lanesOf = (codes: number): number => Math.ceil(codes / 4) * 4;

/** What is to be learned: for each row and code a probability between 0 and 1 and how much it counts (0: not at all). */
export interface Targets {
  codes: number;
  /** rows x codes. */
  wanted: Float32Array;
  /** rows x codes: the C of the loss. */
  cost: Float32Array;
}

export interface Effort {
  /** Which rows; all if nothing is said. */
  which?: Int32Array;
  /** The weights that nothing learned leaves in place: the penalty is |w - prior|^2/2 (Chelba and Acero 2004). */
  prior?: Float32Array;
  /** How far each weight may move, features x lanes: the variance of its prior, 1 if nothing is said. */
  trust?: Float32Array;
  epochs: number;
  /** Stop when no margin moves further than this in an epoch. */
  tolerance: number;
  seed: number;
}

const DEFAULT: Effort = { epochs: 6, tolerance: 0.01, seed: 1 };
const EDGE = 0.001;
/** A change of a margin that is not worth a walk over the row. */
const NEGLIGIBLE = 0.002;

/**
 * L2-regularised logistic regression for all codes at once, one against the rest, by coordinate descent on the dual (Yu,
 * Huang and Lin 2011, "Dual coordinate descent methods for logistic regression and maximum entropy models"; liblinear's -s 7).
 *
 * It minimises |w|^2/2 + sum of c (ln(1 + e^m) - p m) over margins m = w x, with wanted probabilities p instead of signs. The
 * dual has one variable a in (0, c) a row; w = sum of (c p - a) x, and at the optimum a = c s(m). Each step solves its one
 * variable by Newton's method on t, where a = c s(t), which never leaves the bounds; a margin that would hardly move is left.
 * Weights of all codes of a feature lie beside each other, so that a few walks over a row serve every code. With `trust` v of
 * a weight the penalty is (w - prior)^2/2v, and everything holds of x times the root of v. Returns features x lanes (`lanesOf`).
 */
export function trainLogistic(rows: Rows, targets: Targets, effort: Partial<Effort> = {}): Float32Array {
  const { epochs, tolerance, seed, prior, which, trust } = { ...DEFAULT, ...effort };
  const state = begin(rows, targets, which ?? Int32Array.from({ length: rowCount(rows) }, (_, i) => i), prior, trust);
  const random = seeded(seed);
  for (let epoch = 0; epoch < epochs; epoch++) {
    let moved = 0;
    for (const place of shuffled(state.which.length, random))
      moved = Math.max(moved, visit(state, state.which[place]!));
    if (moved < tolerance) break;
  }
  return state.weights;
}

interface State {
  rows: Rows;
  targets: Targets;
  which: Int32Array;
  weights: Float32Array;
  /** t of each row and code. */
  inner: Float32Array;
  /** a of each row and code. */
  dual: Float32Array;
  squares: Float32Array;
  trust: Float32Array;
  margins: Float64Array;
  /** Of the row under way: the codes that move, and how far. */
  moving: Int32Array;
  steps: Float64Array;
}

/** Every a starts as c p, where the weights are those of the prior. */
function begin(rows: Rows, targets: Targets, which: Int32Array, prior?: Float32Array, spread?: Float32Array): State {
  const { codes, wanted, cost } = targets;
  const lanes = lanesOf(codes);
  const trust = spread ?? new Float32Array(rows.width * lanes).fill(1);
  return {
    rows,
    targets,
    which,
    weights: prior?.slice() ?? new Float32Array(rows.width * lanes),
    inner: wanted.map((p) => {
      const kept = Math.min(1 - EDGE, Math.max(EDGE, p));
      return Math.log(kept / (1 - kept));
    }),
    dual: wanted.map((p, at) => cost[at]! * p),
    trust,
    squares: squaresOf(rows, which, codes, trust),
    margins: new Float64Array(lanes),
    moving: new Int32Array(lanes),
    steps: new Float64Array(lanes),
  };
}

/** The squared length of each row, as each code measures it. */
function squaresOf({ start, index, value }: Rows, which: Int32Array, codes: number, trust: Float32Array): Float32Array {
  const lanes = lanesOf(codes);
  const squares = new Float32Array((start.length - 1) * lanes);
  for (const row of which) {
    const end = start[row + 1]!;
    for (let lane = 0; lane < lanes; lane += 4) {
      let a = 0;
      let b = 0;
      let c = 0;
      let d = 0;
      for (let i = start[row]!; i < end; i++) {
        const square = value[i]! * value[i]!;
        const at = index[i]! * lanes + lane;
        a += square * trust[at]!;
        b += square * trust[at + 1]!;
        c += square * trust[at + 2]!;
        d += square * trust[at + 3]!;
      }
      const to = row * lanes + lane;
      squares[to] = a;
      squares[to + 1] = b;
      squares[to + 2] = c;
      squares[to + 3] = d;
    }
  }
  return squares;
}

/** Sets the variables of a row for all codes; returns the largest change of a margin that the row wants. */
function visit(state: State, row: number): number {
  const { targets, inner, dual, margins, moving, steps } = state;
  const { codes, cost } = targets;
  marginsOf(state.rows, row, state.weights, margins);
  let moved = 0;
  let count = 0;
  for (let code = 0; code < codes; code++) {
    const at = row * codes + code;
    const c = cost[at]!;
    if (c === 0) continue;
    const square = state.squares[row * margins.length + code]!;
    const before = dual[at]!;
    if (staysPut(margins[code]! - inner[at]!, before, c, square)) continue;
    const t = solve(inner[at]!, square, c, margins[code]! + square * before);
    const after = c * sigmoid(t);
    const move = Math.abs(before - after) * square;
    if (move < NEGLIGIBLE) continue;
    moving[count] = code;
    steps[count++] = before - after;
    inner[at] = t;
    dual[at] = after;
    if (move > moved) moved = move;
  }
  for (let i = count; i % 4 !== 0; i++) {
    moving[i] = moving[count - 1]!;
    steps[i] = 0;
  }
  for (let from = 0; from < count; from += 4) {
    if (count - from === 1) shiftOne(state, row, from);
    else shiftFour(state, row, from);
  }
  return moved;
}

/**
 * Whether the margin would move by less than is worth a step: never by more than it lies from t, and outwards never by more
 * than what is left of a.
 */
const staysPut = (off: number, a: number, c: number, square: number): boolean =>
  Math.abs(off) < NEGLIGIBLE || square * (off > 0 ? c - a : a) < NEGLIGIBLE;

/**
 * The root of t + q c s(t) = wanted: it lies between wanted - q c and wanted, where Newton's steps are kept, since they may
 * overshoot when q c is large.
 */
function solve(from: number, q: number, c: number, wanted: number): number {
  let low = wanted - q * c;
  let high = wanted;
  let t = from > low && from < high ? from : (low + high) / 2;
  for (let i = 0; i < 20; i++) {
    const s = sigmoid(t);
    const over = t + q * c * s - wanted;
    if (Math.abs(over) < 1e-3) break;
    if (over > 0) high = t;
    else low = t;
    const next = t - over / (1 + q * c * s * (1 - s));
    t = next > low && next < high ? next : (low + high) / 2;
  }
  return t;
}

function shiftOne({ rows, weights, moving, steps, trust }: State, row: number, from: number): void {
  const { start, index, value } = rows;
  const lanes = steps.length;
  const end = start[row + 1]!;
  const code = moving[from]!;
  const step = steps[from]!;
  for (let i = start[row]!; i < end; i++) {
    const at = index[i]! * lanes + code;
    weights[at]! += step * value[i]! * trust[at]!;
  }
}

/** Several codes with each walk: reading where the weights lie takes longer than changing them. */
function shiftFour({ rows, weights, moving, steps, trust }: State, row: number, from: number): void {
  const { start, index, value } = rows;
  const lanes = steps.length;
  const end = start[row + 1]!;
  const [a, b, c, d] = [moving[from]!, moving[from + 1]!, moving[from + 2]!, moving[from + 3]!];
  const [stepA, stepB, stepC, stepD] = [steps[from]!, steps[from + 1]!, steps[from + 2]!, steps[from + 3]!];
  for (let i = start[row]!; i < end; i++) {
    const at = index[i]! * lanes;
    const x = value[i]!;
    weights[at + a]! += stepA * x * trust[at + a]!;
    weights[at + b]! += stepB * x * trust[at + b]!;
    weights[at + c]! += stepC * x * trust[at + c]!;
    weights[at + d]! += stepD * x * trust[at + d]!;
  }
}

/** Writes the margins w x of a row into `into`, one place a lane. */
export function marginsOf({ start, index, value }: Rows, row: number, weights: Float32Array, into: Float64Array): void {
  const lanes = into.length;
  const end = start[row + 1]!;
  for (let lane = 0; lane < lanes; lane += 4) {
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let i = start[row]!; i < end; i++) {
      const at = index[i]! * lanes + lane;
      const x = value[i]!;
      a += weights[at]! * x;
      b += weights[at + 1]! * x;
      c += weights[at + 2]! * x;
      d += weights[at + 3]! * x;
    }
    into[lane] = a;
    into[lane + 1] = b;
    into[lane + 2] = c;
    into[lane + 3] = d;
  }
}

export function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x));
}
