import { wilson } from '../../shared/statistics.ts';

/** An estimated share, the n it is worth, and how many answers were audited of all there are. */
export interface Standing {
  share: number;
  effective: number;
  audited: number;
  count: number;
}

/** Five points to either side: what a manager may act on. */
export const MARGIN = 0.05;

/**
 * How many more answers must be audited until the interval reaches at most so far to either side, if predictions stay as good
 * as they are: the effective n grows with m / (1 - m / N).
 */
export function answersNeeded({ share, effective, audited, count }: Standing, margin = MARGIN): number {
  const worth = (n: number) => n / (1 - n / count);
  const halfAt = (n: number) => (n >= count ? 0 : half(share, (effective * worth(n)) / worth(audited)));
  let [low, high] = [audited, count];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (halfAt(middle) <= margin) high = middle;
    else low = middle + 1;
  }
  return high - audited;
}

function half(share: number, n: number): number {
  const { low, high } = wilson(share * n, n);
  return (high - low) / 2;
}
