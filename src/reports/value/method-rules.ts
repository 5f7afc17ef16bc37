/** Why there is no model: nobody has purchases, too few bought again, for too short a time, to the day, or no maximum. */
export const REASONS = ['none', 'few', 'short', 'regular', 'unfit'] as const;
export type Reason = (typeof REASONS)[number];

/** Under this many who bought a second time the parameters would be guesses. */
const LEAST_REPEATERS = 50;
const LEAST_DAYS = 180;
/**
 * The gaps of somebody who buys whenever they like vary about as much as they are long; those of a contract (a month, a
 * quarter) by a tenth and less. A model of buying at random would take their silence for nothing.
 */
const LEAST_VARIATION = 0.15;

interface Known {
  buyers: number;
  /** Those with a second day of buying. */
  repeaters: number;
  /** Since the first purchase of all. */
  days: number;
  /** The median of the customers' coefficients of variation of their gaps; null where none has enough gaps. */
  variation: number | null;
}

/** What stands in the way of a model before it is tried; null where nothing does. */
export function hindrance({ buyers, repeaters, days, variation }: Known): Reason | null {
  if (buyers === 0) return 'none';
  if (repeaters < LEAST_REPEATERS) return 'few';
  if (days < LEAST_DAYS) return 'short';
  return variation !== null && variation < LEAST_VARIATION ? 'regular' : null;
}

const LEAST_GAPS = 4;

/**
 * How much a customer's gaps between purchases vary: their standard deviation by their mean. Undefined under four gaps.
 * @param days of purchases, 'YYYY-MM-DD', each once and in order
 */
export function variationOf(days: readonly string[]): number | undefined {
  const times = days.map((day) => Date.parse(day));
  const gaps = times.slice(1).map((time, i) => time - times[i]!);
  if (gaps.length < LEAST_GAPS) return undefined;
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / (gaps.length - 1);
  return Math.sqrt(variance) / mean;
}

/** A night begins at two in the morning, when the day before is over everywhere in the business. */
const NIGHT_BEGINS_MINUTES = 120;

export const beforeNight = (at: Date): Date => new Date(at.getTime() - NIGHT_BEGINS_MINUTES * 60_000);
