import { addDays } from '../../shared/dates.ts';
import type { Period } from '../rules.ts';

/** What of a time is summed up: whole months and days that are, and stretches that have to be counted leaver by leaver. */
export interface Plan {
  /** 'YYYY-MM' and 'YYYY-MM-DD'. */
  spans: string[];
  stretches: Period[];
}

/** What has been summed up: months, without the days in them on which something has changed since. */
export interface Summed {
  months: ReadonlySet<string>;
  stale: ReadonlySet<string>;
}

const monthOf = (day: string): string => day.slice(0, 7);
const firstOf = (month: string): string => `${month}-01`;

/** By numbers alone: a page asks this some hundred times. */
function lastOf(month: string): string {
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  return `${month}-${days}`;
}

export function later(month: string, by = 1): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1 + by;
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** The days of a stretch, both ends included. */
export function daysOf({ from, to }: Period): string[] {
  const days = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** How to add up a period from sums as far as there are some. */
export function planOf(period: Period, { months, stale }: Summed): Plan {
  const staleMonths = new Set([...stale].map(monthOf));
  const known = [...months].sort();
  const plan: Plan = { spans: [], stretches: [] };
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return { spans: [], stretches: [period] };
  if (period.from < firstOf(first)) count(plan, { from: period.from, to: min(period.to, addDays(firstOf(first), -1)) });
  for (let month = max(monthOf(period.from), first); month <= min(monthOf(period.to), last); month = later(month)) {
    const part = { from: max(period.from, firstOf(month)), to: min(period.to, lastOf(month)) };
    const whole = part.from === firstOf(month) && part.to === lastOf(month);
    if (!months.has(month)) count(plan, part);
    else if (whole && !staleMonths.has(month)) plan.spans.push(month);
    else for (const day of daysOf(part)) take(plan, day, stale.has(day));
  }
  if (period.to > lastOf(last)) count(plan, { from: max(period.from, addDays(lastOf(last), 1)), to: period.to });
  return plan;
}

function take(plan: Plan, day: string, isStale: boolean): void {
  if (isStale) count(plan, { from: day, to: day });
  else plan.spans.push(day);
}

/** Stretches that follow each other become one. */
function count({ stretches }: Plan, stretch: Period): void {
  const last = stretches.at(-1);
  if (last && addDays(last.to, 1) === stretch.from) last.to = stretch.to;
  else stretches.push({ ...stretch });
}

const min = (a: string, b: string): string => (a < b ? a : b);
const max = (a: string, b: string): string => (a > b ? a : b);
