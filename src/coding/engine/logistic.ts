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
 * variable by Newton's method on t, where a = c s(t), which never leaves the bounds. Weights of all codes of a feature lie
 * beside each other, so that a few walks over a row serve every code. With `trust` v of a weight the penalty is (w - prior)^2/2v,
 * and everything holds of x times the root of v. Returns features x lanes (`lanesOf`).
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
  squares: Float32Array;
  trust?: Float32Array;
  margins: Float64Array;
  steps: Float64Array;
}

function begin(rows: Rows, targets: Targets, which: Int32Array, prior?: Float32Array, trust?: Float32Array): State {
  const { codes, wanted, cost } = targets;
  const state: State = {
    rows,
    targets,
    which,
    weights: prior?.slice() ?? new Float32Array(rows.width * lanesOf(codes)),
    inner: new Float32Array(wanted.length),
    trust,
    squares: squaresOf(rows, which, codes, trust),
    margins: new Float64Array(lanesOf(codes)),
    steps: new Float64Array(lanesOf(codes)),
  };
  for (const row of which) {
    for (let code = 0; code < codes; code++) {
      const at = row * codes + code;
      const kept = Math.min(1 - EDGE, Math.max(EDGE, wanted[at]!));
      state.inner[at] = Math.log(kept / (1 - kept));
      state.steps[code] = cost[at]! * (wanted[at]! - kept);
    }
    shift(state, row);
  }
  return state;
}

/** The squared length of each row, as each code measures it. */
function squaresOf(
  { start, index, value }: Rows,
  which: Int32Array,
  codes: number,
  trust?: Float32Array,
): Float32Array {
  const lanes = lanesOf(codes);
  const squares = new Float32Array((start.length - 1) * codes);
  for (const row of which) {
    for (let i = start[row]!; i < start[row + 1]!; i++) {
      const square = value[i]! * value[i]!;
      const from = index[i]! * lanes;
      for (let code = 0; code < codes; code++)
        squares[row * codes + code]! += trust ? square * trust[from + code]! : square;
    }
  }
  return squares;
}

/** Sets the variables of a row for all codes; returns the largest change of a margin that the row wants. */
function visit(state: State, row: number): number {
  const { targets, inner, margins, steps } = state;
  const { codes, cost } = targets;
  marginsOf(state.rows, row, state.weights, margins);
  let moved = 0;
  for (let code = 0; code < codes; code++) {
    const at = row * codes + code;
    const c = cost[at]!;
    if (c === 0) {
      steps[code] = 0;
      continue;
    }
    const before = c * sigmoid(inner[at]!);
    const t = solve(inner[at]!, state.squares[at]!, c, margins[code]! + state.squares[at]! * before);
    const step = before - c * sigmoid(t);
    const move = Math.abs(step) * state.squares[at]!;
    if (move < NEGLIGIBLE) {
      steps[code] = 0;
      continue;
    }
    steps[code] = step;
    inner[at] = t;
    moved = Math.max(moved, move);
  }
  if (moved > 0) shift(state, row);
  return moved;
}

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

function shift({ rows: { start, index, value }, weights, steps, trust }: State, row: number): void {
  const lanes = steps.length;
  const end = start[row + 1]!;
  for (let lane = 0; lane < lanes; lane += 4) {
    const [a, b, c, d] = [steps[lane]!, steps[lane + 1]!, steps[lane + 2]!, steps[lane + 3]!];
    if (a === 0 && b === 0 && c === 0 && d === 0) continue;
    for (let i = start[row]!; i < end; i++) {
      const at = index[i]! * lanes + lane;
      const x = value[i]!;
      if (trust) {
        weights[at]! += a * x * trust[at]!;
        weights[at + 1]! += b * x * trust[at + 1]!;
        weights[at + 2]! += c * x * trust[at + 2]!;
        weights[at + 3]! += d * x * trust[at + 3]!;
      } else {
        weights[at]! += a * x;
        weights[at + 1]! += b * x;
        weights[at + 2]! += c * x;
        weights[at + 3]! += d * x;
      }
    }
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
