import { student, wilson } from '../../shared/statistics.ts';
import { answersNeeded, type Standing } from './shares-needed.ts';

/**
 * Calibrated probabilities of one answer, one for each code, by a model that did not learn from what people said of this very
 * answer. That is the caller's duty: predictions by a model that has seen the label make intervals too narrow.
 */
export type CrossFitted = ArrayLike<number>;

/** An answer drawn for the audit and coded by a person. */
export interface Audited {
  /** 1 where the code stands, else 0; for main reasons exactly one 1 (or shares that add up to one). */
  labels: ArrayLike<number>;
  predictions: CrossFitted;
  /** Above 0, at most 1: see `audit.ts`. */
  inclusion: number;
  /** What the answer counts, in minor units, where shares are of money; 1 where they are of answers. */
  amount?: number;
}

/** What is predicted of all answers in a filter, audited or not, summed up once. */
export interface Everyone {
  count: number;
  /** The sum of their amounts. */
  amount: number;
  /** For each code the mean of the predictions, weighted by amount. */
  predicted: Float64Array;
}

/**
 * `counted`: people have coded every answer. `estimated`: prediction-powered. `few`: the same from under 50 audited answers,
 * to be hidden or marked. `unverified`: nothing audited, the engine's word alone, without an interval.
 */
export type Basis = 'counted' | 'estimated' | 'few' | 'unverified';

/** A share of answers, or of their money, between 0 and 1, with its 95 % interval. */
export interface EstimatedShare {
  share: number;
  low?: number;
  high?: number;
  basis: Basis;
  /** How many answers were audited, and how many of them carry the code. */
  audited: number;
  cases: number;
  /** How far the predictions were relied on: 0 not at all, 1 fully. */
  lambda: number;
  /** As many plain answers of a large pool would tell as much. */
  effective: number;
  /** Audited answers that are still missing for an interval of 5 points to either side. */
  needed: number;
}

/** One lambda for each code, or one for all: main reasons, whose shares add up to one. */
export type Lambda = 'each' | 'one';

/** Under so many audited answers a share is marked. */
export const FEW_AUDITED = 50;

/** @param amounts what each answer counts; without them each counts 1 */
export function everyoneOf(predictions: CrossFitted[], codes: number, amounts?: ArrayLike<number>): Everyone {
  const predicted = new Float64Array(codes);
  let amount = 0;
  predictions.forEach((each, i) => {
    const weight = amounts?.[i] ?? 1;
    amount += weight;
    for (let code = 0; code < codes; code++) predicted[code]! += weight * each[code]!;
  });
  return { count: predictions.length, amount, predicted: predicted.map((sum) => (amount > 0 ? sum / amount : 0)) };
}

/**
 * The share of each code among all answers of a filter, by prediction-powered inference with a tuned lambda (PPI++:
 * Angelopoulos, Duchi and Zrnic 2023, the audit being part of the filter, as in the difference estimators of survey sampling):
 * the audited labels' mean + lambda (mean prediction of all - mean prediction of the audited), where the audited count by the
 * inverse of their inclusion probability (Hajek 1971). The interval is Wilson's at the n that would have this variance; where
 * amounts differ, with Student's t at the degrees of freedom that the variance has (Satterthwaite 1946): few large amounts
 * make it uncertain itself.
 */
export function estimateShares(everyone: Everyone, audited: Audited[], lambda: Lambda): EstimatedShare[] {
  const codes = everyone.predicted.length;
  if (audited.length === 0) return Array.from(everyone.predicted, unverified);
  if (audited.length >= everyone.count) return counted(audited, codes);
  const sample = sampleOf(everyone, audited);
  const moments = Array.from({ length: codes }, (_, code) => momentsOf(sample, code));
  const common = lambda === 'one' ? lambdaOf(pooled(moments)) : undefined;
  const corrected = moments.map((each, code) => correct(each, everyone.predicted[code]!, common ?? lambdaOf(each)));
  const total = lambda === 'one' ? corrected.reduce((sum, { share }) => sum + share, 0) : 1;
  const { length: n } = audited;
  return corrected.map((each, code) => {
    const errors = sample.hasAmounts ? student(freedomOf(sample, each, code)) : undefined;
    return withInterval({ ...each, share: each.share / total }, { ...sample, n }, everyone.count, errors);
  });
}

function unverified(share: number): EstimatedShare {
  return { share, basis: 'unverified', audited: 0, cases: 0, lambda: 1, effective: 0, needed: 0 };
}

/** Nothing is estimated; the interval says what chance there is in so many answers. */
function counted(audited: Audited[], codes: number): EstimatedShare[] {
  const weight = audited.map(({ amount }) => amount ?? 1);
  const n = kish(weight);
  const total = sum(weight);
  return Array.from({ length: codes }, (_, code) => {
    const share = total > 0 ? sum(weight.map((each, i) => each * audited[i]!.labels[code]!)) / total : 0;
    const cases = audited.filter(({ labels }) => labels[code]! > 0).length;
    const known = { basis: 'counted', audited: audited.length, cases, lambda: 0, effective: n, needed: 0 } as const;
    return { ...wilson(share * n, n), ...known, share };
  });
}

/** The audited answers with their weights: in a mean, and squared in its variance, what is surely drawn varying not at all. */
interface Sample {
  audited: Audited[];
  weight: Float64Array;
  total: number;
  spread: Float64Array;
  /** As many answers of equal weight say as much. */
  alone: number;
  hasAmounts: boolean;
}

function sampleOf({ count }: Everyone, audited: Audited[]): Sample {
  const first = audited[0]!.inclusion;
  const alike = audited.every(({ inclusion }) => inclusion === first);
  const weight = Float64Array.from(audited, ({ amount, inclusion }) => (amount ?? 1) / (alike ? 1 : inclusion));
  const drawn = (i: number) => (alike ? audited.length / count : audited[i]!.inclusion);
  const spread = weight.map((each, i) => (1 - drawn(i)) * each * each);
  const hasAmounts = audited.some(({ amount }) => amount !== undefined);
  return { audited, weight, total: sum(weight), spread, alone: kish(weight), hasAmounts };
}

/** Weighted means of labels y and predictions f, and sums of squares and products around them. */
export interface Moments {
  y: number;
  f: number;
  yy: number;
  yf: number;
  ff: number;
  cases: number;
}

function momentsOf({ audited, weight, total, spread }: Sample, code: number): Moments {
  let [meanY, meanF, yy, yf, ff, cases] = [0, 0, 0, 0, 0, 0];
  if (total === 0) return { y: 0, f: 0, yy, yf, ff, cases };
  // By number: a page goes through some thousand answers for each code, and an iterator costs more than the sums.
  for (let i = 0; i < audited.length; i++) {
    const { labels, predictions } = audited[i]!;
    const label = labels[code]!;
    meanY += (weight[i]! * label) / total;
    meanF += (weight[i]! * predictions[code]!) / total;
    if (label > 0) cases++;
  }
  for (let i = 0; i < audited.length; i++) {
    const { labels, predictions } = audited[i]!;
    const y = labels[code]! - meanY;
    const f = predictions[code]! - meanF;
    const weighted = spread[i]!;
    yy += weighted * y * y;
    yf += weighted * y * f;
    ff += weighted * f * f;
  }
  return { y: meanY, f: meanF, yy, yf, ff, cases };
}

type Products = Pick<Moments, 'yy' | 'yf' | 'ff'>;

function pooled(moments: Moments[]): Products {
  const over = (name: keyof Products) => sum(moments.map((each) => each[name]));
  return { yy: over('yy'), yf: over('yf'), ff: over('ff') };
}

/** What sums of squares that cancel out leave of themselves: two answers always lie on one line. */
const ROUNDING = 1e-12;

/** cov(y, f) / var(f), never below 0 or above 1; 0 where predictions that are all alike vary by rounding alone. */
export function lambdaOf({ yy, yf, ff }: Products): number {
  return ff > ROUNDING * yy ? Math.min(1, Math.max(0, yf / ff)) : 0;
}

interface Corrected extends Moments {
  share: number;
  lambda: number;
  /** Sum of squares of the residuals y - lambda f. */
  residual: number;
}

export function correct(moments: Moments, predicted: number, lambda: number): Corrected {
  const { y, f, yy, yf, ff } = moments;
  const share = Math.min(1, Math.max(0, y + lambda * (predicted - f)));
  const residual = yy - 2 * lambda * yf + lambda * lambda * ff;
  return { ...moments, share, lambda, residual: residual > ROUNDING * yy ? residual : 0 };
}

/** How much was audited: answers, their weight, and as many of equal weight as say the same. */
export interface Size {
  n: number;
  total: number;
  alone: number;
}

/** @param errors half a 95 % interval in standard errors; the normal distribution's where nothing is given */
export function withInterval(
  moments: Corrected,
  { n, total, alone }: Size,
  count: number,
  errors?: number,
): EstimatedShare {
  const { share, lambda, cases, y, residual } = moments;
  const varies = cases > 0 && y < 1 && n > 1 && residual > 0;
  const variance = (n / (n - 1)) * (residual / total ** 2);
  const effective = varies ? (y * (1 - y)) / variance : alone;
  const { low, high } = varies ? wilson(share * effective, effective, errors) : wilson(y * alone, alone);
  const standing: Standing = { share: varies ? share : y, effective, audited: n, count };
  const basis = n < FEW_AUDITED ? 'few' : 'estimated';
  return {
    share,
    low: Math.max(0, Math.min(low, share)),
    high: Math.min(1, Math.max(high, share)),
    basis,
    audited: n,
    cases,
    lambda,
    effective,
    needed: answersNeeded(standing),
  };
}

const LEAST_FREEDOM = 3;

/** Degrees of freedom of the variance of a share: 2 / (relative variance of it), by the kurtosis of the residuals. */
function freedomOf({ audited, weight }: Sample, { y, f, lambda }: Corrected, code: number): number {
  let [second, fourth] = [0, 0];
  audited.forEach(({ labels, predictions }, i) => {
    const square = (weight[i]! * (labels[code]! - y - lambda * (predictions[code]! - f))) ** 2;
    second += square;
    fourth += square * square;
  });
  const kurtosis = (audited.length * fourth) / second ** 2;
  return kurtosis > 1 ? Math.max(LEAST_FREEDOM, (2 * audited.length) / (kurtosis - 1)) : audited.length;
}

/** How many answers of equal weight say as much (Kish 1965). */
function kish(weight: ArrayLike<number>): number {
  let squares = 0;
  for (let i = 0; i < weight.length; i++) squares += weight[i]! * weight[i]!;
  return squares > 0 ? sum(weight) ** 2 / squares : 0;
}

function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
