import { wilson } from '../../shared/statistics.ts';
import {
  correct,
  lambdaOf,
  withInterval,
  type EstimatedShare,
  type Everyone,
  type Moments,
  type Size,
} from './shares.ts';

/** Audited answers that were drawn with the same probability, summed up. */
export interface AuditedSums {
  inclusion: number;
  count: number;
  /** By code: the sum of the labels y, 0 or 1; of the predictions f; of their products; of the predictions' squares. */
  labels: ArrayLike<number>;
  predictions: ArrayLike<number>;
  products: ArrayLike<number>;
  squares: ArrayLike<number>;
}

/**
 * Shares of answers as `estimateShares` has them, with a lambda for each code, from sums of the audited instead of themselves:
 * the same figures, whatever their number, as far as such sums have digits.
 */
export function sharesOfSums({ count, predicted }: Pick<Everyone, 'count' | 'predicted'>, groups: AuditedSums[]) {
  const n = groups.reduce((sum, group) => sum + group.count, 0);
  if (n >= count) return Array.from(predicted, (_, code) => counted(groups, n, code));
  const weighted = weigh(groups, n / count);
  const [total, squares] = [1, 2].map((power) =>
    weighted.reduce((sum, { group, weight }) => sum + group.count * weight ** power, 0),
  );
  const size: Size = { n, total: total!, alone: total! ** 2 / squares! };
  return Array.from(predicted, (mean, code) => {
    const moments = momentsOf(weighted, size.total, code);
    return withInterval(correct(moments, mean, lambdaOf(moments)), size, count);
  });
}

/** Nothing is estimated; the interval says what chance there is in so many answers. */
function counted(groups: AuditedSums[], n: number, code: number): EstimatedShare {
  const cases = groups.reduce((sum, { labels }) => sum + labels[code]!, 0);
  const known = { basis: 'counted', audited: n, cases, lambda: 0, effective: n, needed: 0 } as const;
  return { ...wilson(cases, n), ...known, share: cases / n };
}

/** A group with the weight of each answer in a mean, and squared in its variance, what is surely drawn varying not at all. */
interface Weighted {
  group: AuditedSums;
  weight: number;
  spread: number;
}

function weigh(groups: AuditedSums[], drawn: number): Weighted[] {
  const [only] = groups;
  if (only && groups.length === 1) return [{ group: only, weight: 1, spread: 1 - drawn }];
  return groups.map((group) => {
    const weight = 1 / group.inclusion;
    return { group, weight, spread: (1 - group.inclusion) * weight * weight };
  });
}

function momentsOf(weighted: Weighted[], total: number, code: number): Moments {
  const moments = { y: 0, f: 0, yy: 0, yf: 0, ff: 0, cases: 0 };
  for (const { group, weight } of weighted) {
    moments.cases += group.labels[code]!;
    moments.y += (weight * group.labels[code]!) / total;
    moments.f += (weight * group.predictions[code]!) / total;
  }
  const { y, f } = moments;
  for (const { group, spread } of weighted) {
    const [ys, fs, n] = [group.labels[code]!, group.predictions[code]!, group.count];
    moments.yy += spread * (ys - 2 * y * ys + n * y * y);
    moments.yf += spread * (group.products[code]! - f * ys - y * fs + n * y * f);
    moments.ff += spread * (group.squares[code]! - 2 * f * fs + n * f * f);
  }
  return moments;
}
