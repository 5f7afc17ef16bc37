interface ShareRules {
  total: number;
  /** Every share is a multiple of it, as long as the total is. */
  unit: number;
  /** Bounds of a share as multiples of the mean share; below and above 1. */
  least: number;
  most: number;
}

/**
 * Splits whole `total` into one whole share for each weight, in proportion where the bounds allow, adding up exactly.
 * What rounding leaves over is dealt out a unit at a time over all shares, so that no single one carries it.
 * Throws RangeError where a share of the least size is impossible.
 */
export function exactShares(weights: readonly number[], { total, unit, least, most }: ShareRules): number[] {
  if (weights.length === 0) return [];
  const step = total % unit === 0 ? unit : 1;
  const mean = total / weights.length;
  const low = Math.max(step, Math.ceil((least * mean) / step) * step);
  const high = Math.max(low, Math.floor((most * mean) / step) * step);
  if (low * weights.length > total || high * weights.length < total) throw new RangeError('too little to share');
  const fit = (factor: number) => weights.map((weight) => bounded(weight * factor, low, high));
  const rounded = fit(factorFor(fit, total / sum(weights), total)).map((share) => Math.round(share / step) * step);
  return dealOut(rounded, total, { step, low, high });
}

function bounded(share: number, low: number, high: number): number {
  return share < low ? low : share > high ? high : share;
}

/** The plain proportion where no bound cuts it, else bisection: the sum of the bounded shares grows with the factor. */
function factorFor(fit: (factor: number) => number[], plain: number, total: number): number {
  const miss = (factor: number) => sum(fit(factor)) - total;
  if (Math.abs(miss(plain)) < 0.5) return plain;
  let [under, over] = [0, plain];
  while (miss(over) < 0 && over < 1e12) over *= 2;
  for (let i = 0; i < 40; i++) {
    const middle = (under + over) / 2;
    if (miss(middle) < 0) under = middle;
    else over = middle;
  }
  return over;
}

function dealOut(shares: number[], total: number, by: { step: number; low: number; high: number }): number[] {
  let rest = total - sum(shares);
  while (rest !== 0) {
    const move = Math.sign(rest) * Math.min(by.step, Math.abs(rest));
    let moved = false;
    for (let i = 0; i < shares.length && rest !== 0; i++) {
      const next = (shares[i] ?? 0) + move;
      if (next < by.low || next > by.high) continue;
      shares[i] = next;
      rest -= move;
      moved = true;
    }
    if (!moved) throw new RangeError('too little to share');
  }
  return shares;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
