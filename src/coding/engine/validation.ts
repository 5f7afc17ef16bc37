import { figuresOf, type Figures } from './figures.ts';
import { likeliest } from './deciding.ts';
import { coldHead, fitHead, judge, type Head, type Truth } from './head.ts';
import { lanesOf, marginsOf, trainLogistic } from './logistic.ts';
import { trustIn } from './trust.ts';
import { seeded, shuffled } from './random.ts';
import { rowCount, type Rows } from './rows.ts';

/** Labelled rows with what they teach; `weight` says how much each row counts. */
export interface Lessons {
  rows: Rows;
  /** The same rows as they are learned from. */
  taught: Rows;
  truth: Truth;
  weight: Float32Array;
}

export interface Trial {
  /** Cost of the losses; 0 is the cold start as it is. */
  cost: number;
  /** Margins by models that did not see the row, rows x codes. */
  margins: Float64Array;
  head: Head;
  /** The one by which this row was judged, fitted to the other folds. */
  headOf(row: number): Head;
  figures: Figures;
  /** What it told of the rows, rows x codes. */
  decided: Uint8Array;
}

/** Which fold each row belongs to: drawn once, so that all candidates meet the same. */
export function foldsOf(rows: number, folds: number, seed: number): Int32Array {
  const fold = new Int32Array(rows);
  shuffled(rows, seeded(seed)).forEach((row, place) => (fold[row] = place % folds));
  return fold;
}

/** Trains on all rows but those of one fold, or on all of them. */
export function learn(
  { taught: rows, truth, weight }: Lessons,
  prior: Float32Array,
  cost: number,
  which?: Int32Array,
): Float32Array {
  const { codes } = truth;
  const costs = new Float32Array(truth.labels.length);
  for (let at = 0; at < costs.length; at++) costs[at] = cost * weight[Math.floor(at / codes)]!;
  return trainLogistic(
    rows,
    { codes, wanted: Float32Array.from(truth.labels), cost: costs },
    { which, prior, trust: trustIn(rows, truth, which) },
  );
}

/** Margins of every row by a model of the other folds; with cost 0 by the prior itself, which saw no label. */
export function heldOutMargins(
  lessons: Lessons,
  prior: Float32Array,
  cost: number,
  fold: Int32Array,
  folds: number,
): Float64Array {
  const { codes } = lessons.truth;
  const margins = new Float64Array(lessons.truth.labels.length);
  const lanes = new Float64Array(lanesOf(codes));
  for (let each = 0; each < folds; each++) {
    const others = Int32Array.from(fold.keys()).filter((row) => fold[row] !== each);
    const weights = cost === 0 ? prior : learn(lessons, prior, cost, others);
    for (let row = 0; row < fold.length; row++) {
      if (fold[row] !== each) continue;
      marginsOf(lessons.rows, row, weights, lanes);
      margins.set(lanes.subarray(0, codes), row * codes);
    }
  }
  return margins;
}

/**
 * Judges one candidate: its margins are held out, and so are the calibration and thresholds by which it is judged, each fold
 * meeting those that were fitted to the others.
 */
export function tryOut(lessons: Lessons, prior: Float32Array, cost: number, fold: Int32Array, folds: number): Trial {
  const margins = heldOutMargins(lessons, prior, cost, fold, folds);
  const heads = Array.from({ length: folds }, (_, each) =>
    fitHead(...rowsWhere(margins, lessons.truth, (row) => fold[row] !== each)),
  );
  const headOf = (row: number) => heads[fold[row]!]!;
  return { cost, margins, headOf, head: fitHead(margins, lessons.truth), ...judgeAll(margins, lessons.truth, headOf) };
}

/** The cold start with the head it has before any label. */
export const tryCold = (lessons: Lessons, prior: Float32Array): Trial =>
  tryWithColdHead(lessons, prior, 0, new Int32Array(rowCount(lessons.rows)), 1);

/** Judges one candidate of which only the margins have learned, held out: it decides as the cold start does. */
export function tryWithColdHead(
  lessons: Lessons,
  prior: Float32Array,
  cost: number,
  fold: Int32Array,
  folds: number,
): Trial {
  const margins = heldOutMargins(lessons, prior, cost, fold, folds);
  const head = coldHead(lessons.truth.codes);
  const headOf = () => head;
  return { cost, margins, head, headOf, ...judgeAll(margins, lessons.truth, headOf) };
}

function judgeAll(
  margins: Float64Array,
  truth: Truth,
  headOf: (row: number) => Head,
): Pick<Trial, 'figures' | 'decided'> {
  const { codes, labels } = truth;
  const decided = new Uint8Array(labels.length);
  const told = new Int32Array(labels.length / codes);
  for (let row = 0; row < told.length; row++) {
    const verdict = judge(headOf(row), margins, row * codes);
    decided.set(verdict.decided, row * codes);
    told[row] = likeliest(verdict.mains);
  }
  return { decided, figures: figuresOf(labels, decided, codes, singles(labels, codes, told)) };
}

/** For figures: where every answer has exactly one code, these and the main reasons told. */
export function singles(labels: Uint8Array, codes: number, told: Int32Array) {
  const truth = new Int32Array(told.length);
  for (let row = 0; row < told.length; row++) {
    const mine = labels.subarray(row * codes, (row + 1) * codes);
    truth[row] = mine.indexOf(1);
    if (truth[row]! < 0 || mine.indexOf(1, truth[row]! + 1) >= 0) return undefined;
  }
  return { truth, told };
}

function rowsWhere(margins: Float64Array, truth: Truth, wanted: (row: number) => boolean): [Float64Array, Truth] {
  const { codes } = truth;
  const kept = Array.from({ length: margins.length / codes }, (_, row) => row).filter(wanted);
  const part = { codes, labels: new Uint8Array(kept.length * codes), mains: new Float32Array(kept.length * codes) };
  const mine = new Float64Array(kept.length * codes);
  kept.forEach((row, i) => {
    const [from, to] = [row * codes, (row + 1) * codes];
    mine.set(margins.subarray(from, to), i * codes);
    part.labels.set(truth.labels.subarray(from, to), i * codes);
    part.mains.set(truth.mains.subarray(from, to), i * codes);
  });
  return [mine, part];
}
