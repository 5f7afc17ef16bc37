import { addDays, addMonths, daysBetween } from '../../shared/dates.ts';
import type { Period } from '../rules.ts';
import type { Calendar } from './counting.ts';
import { churnOf, type Churn } from './rules.ts';

/** The churn of a period, and of how many customers. */
export interface PeriodChurn extends Churn {
  period: Period;
  /** Who were customers on its first day or became so in it. */
  customers: number;
}

/**
 * Churn between two days, both included. Days before anybody was watched have no customers; whoever leaves on a day was a
 * customer until the day before.
 */
export function churnBetween(calendar: Calendar, { from, to }: Period): PeriodChurn {
  let [there, customers, leavers, days, since] = [0, 0, 0, 0, from];
  for (const [day, entered, left, back] of calendar) {
    if (day > to) break;
    if (day <= from) {
      there += entered + back - left;
      customers = there;
      if (day === from) [leavers, customers] = [left, there + left];
      continue;
    }
    days += there * daysBetween(since, day);
    since = day;
    there += entered + back - left;
    // Whoever comes back within the period has been counted.
    customers += entered;
    leavers += left;
  }
  days += there * (daysBetween(since, to) + 1);
  return { period: { from, to }, customers, ...churnOf(leavers, days) };
}

export interface MonthChurn extends PeriodChurn {
  /** 'YYYY-MM' */
  month: string;
}

/** The whole months between two days, at most so many, the last ones. */
export function churnByMonth(calendar: Calendar, watchedFrom: string, today: string, most: number): MonthChurn[] {
  const months: MonthChurn[] = [];
  for (let back = most; back >= 1; back--) {
    const first = addMonths(`${today.slice(0, 7)}-01`, -back);
    if (first < watchedFrom) continue;
    const last = addDays(addMonths(first, 1), -1);
    months.push({ month: first.slice(0, 7), ...churnBetween(calendar, { from: first, to: last }) });
  }
  return months;
}
