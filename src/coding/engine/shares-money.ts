import type { EstimatedShare } from './shares.ts';

/** What a reason cost, in minor units, with its interval. */
interface MoneyShare {
  amount: number;
  low?: number;
  high?: number;
}

/**
 * Estimated shares of money as amounts of the known total of those asked, whole minor units that add up to it: what rounding
 * leaves over goes to the rows that lost most by it (Hamilton's method).
 * @param estimates shares that add up to one, estimated with amounts
 */
export function moneyShares(estimates: EstimatedShare[], totalMinor: number): MoneyShare[] {
  const exact = estimates.map(({ share }) => share * totalMinor);
  const amounts = exact.map(Math.floor);
  const left = totalMinor - amounts.reduce((sum, each) => sum + each, 0);
  const byLoss = exact.map((_, i) => i).sort((a, b) => exact[b]! - amounts[b]! - (exact[a]! - amounts[a]!) || a - b);
  for (const i of byLoss.slice(0, left)) amounts[i]!++;
  return estimates.map(({ low, high }, i) => ({
    amount: amounts[i]!,
    ...(low !== undefined && { low: Math.min(amounts[i]!, Math.round(low * totalMinor)) }),
    ...(high !== undefined && { high: Math.max(amounts[i]!, Math.round(high * totalMinor)) }),
  }));
}
