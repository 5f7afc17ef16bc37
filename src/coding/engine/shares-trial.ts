import { seeded, shuffled } from './random.ts';
import { estimateShares, everyoneOf, type CrossFitted, type Lambda } from './shares.ts';
import { wilson } from '../../shared/statistics.ts';

/** A pool of which everything is known: what people said (rows x codes of 0 and 1) and what the engine predicted. */
export interface KnownPool {
  codes: string[];
  labels: ArrayLike<number>[];
  predictions: CrossFitted[];
}

/** How estimates from an audit did against the truth; all shares, errors and widths between 0 and 1. */
export interface ShareTrial {
  code: string;
  /** In the whole pool. */
  share: number;
  /** Mean absolute error. */
  error: number;
  /** The same of the audited labels alone. */
  auditError: number;
  /** How many of the 95 % intervals hold the true share. */
  coverage: number;
  width: number;
  /** Mean width of the audit's own Wilson interval. */
  auditWidth: number;
}

/** Audits the pool at random, again and again, and compares the estimated shares with the true ones. */
export function tryShares(pool: KnownPool, audit: number, draws: number, lambda: Lambda, seed = 1): ShareTrial[] {
  const { codes, labels, predictions } = pool;
  const everyone = everyoneOf(predictions, codes.length);
  const trials = codes.map((code, i) => ({ ...NOTHING, code, share: meanOf(labels, i) }));
  const random = seeded(seed);
  const inclusion = Math.min(1, audit / labels.length);
  for (let draw = 0; draw < draws; draw++) {
    const drawn = Array.from(shuffled(labels.length, random).subarray(0, audit));
    const audited = drawn.map((i) => ({ labels: labels[i]!, predictions: predictions[i]!, inclusion }));
    estimateShares(everyone, audited, lambda).forEach(({ share, low = 0, high = 1, cases }, i) => {
      const alone = wilson(cases, audited.length);
      const trial = trials[i]!;
      trial.error += Math.abs(share - trial.share) / draws;
      trial.auditError += Math.abs(alone.share - trial.share) / draws;
      trial.coverage += Number(low <= trial.share && trial.share <= high) / draws;
      trial.width += (high - low) / draws;
      trial.auditWidth += (alone.high - alone.low) / draws;
    });
  }
  return trials;
}

const NOTHING = { error: 0, auditError: 0, coverage: 0, width: 0, auditWidth: 0 };

const meanOf = (labels: ArrayLike<number>[], code: number): number =>
  labels.reduce((sum, each) => sum + each[code]!, 0) / labels.length;
