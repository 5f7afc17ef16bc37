import { addDays, addMonths, daysBetween } from '../../shared/dates.ts';
import { isTwelveMonths, type Period } from '../rules.ts';

export const COMPARISONS = ['before', 'last-year'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Where records begin there is nothing before. */
const EARLIEST = '1970-01-01';

export const daysIn = ({ from, to }: Period): number => daysBetween(from, to) + 1;

/** The period that one is compared with: the one before it, just as long, or the same days a year earlier. Null where there is none. */
export function comparedWith(period: Period, comparison: Comparison): Period | null {
  if (period.from < EARLIEST || period.from > period.to) return null;
  const year = { from: addMonths(period.from, -12), to: addMonths(period.to, -12) };
  // Of twelve months the period before is the year before, to the day of the month.
  if (comparison === 'last-year') return year;
  if (isTwelveMonths(period)) return { from: year.from, to: addDays(period.from, -1) };
  return { from: addDays(period.from, -daysIn(period)), to: addDays(period.from, -1) };
}
