import { addDays } from '../../shared/dates.ts';
import type { Period } from '../rules.ts';

/** What of a time is summed up: whole months and days that are, and stretches that have to be counted leaver by leaver. */
export interface Plan {
  /** 'YYYY-MM' and 'YYYY-MM-DD'. */
  spans: string[];
  /** Days of these months that do not belong to it: where most of a month does, they are fewer to read than those that do. */
  less: string[];
  stretches: Period[];
}

/** What has been summed up: months, without the days in them on which something has changed since. */
interface Summed {
  months: ReadonlySet<string>;
  stale: ReadonlySet<string>;
  /** A day after which nobody has left in its month: up to it the month is whole, as the running one is up to today. */
  until?: string | undefined;
}

/** The same with what each month was stamped with when it was summed up. */
export interface Stamped extends Summed {
  stamps: ReadonlyMap<string, string>;
}

export const monthOf = (day: string): string => day.slice(0, 7);
const firstOf = (month: string): string => `${month}-01`;

/** By numbers alone: a page asks this some hundred times. */
function lastOf(month: string): string {
  const days = new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).getUTCDate();
  return `${month}-${days}`;
}

/** '2026-12' -> '2027-01'. */
export function nextMonth(month: string): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5));
  return `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}`;
}

/** The days of a stretch, both ends included. */
export function daysOf({ from, to }: Period): string[] {
  const days = [];
  for (let day = from; day <= to; day = addDays(day, 1)) days.push(day);
  return days;
}

/** How to add up a period from sums as far as there are some. */
export function planOf(period: Period, { months, stale, until }: Summed): Plan {
  const staleMonths = new Set([...stale].map(monthOf));
  const known = [...months].sort();
  const plan: Plan = { spans: [], less: [], stretches: [] };
  const [first, last] = [known[0], known.at(-1)];
  if (first === undefined || last === undefined) return { ...plan, stretches: [period] };
  if (period.from < firstOf(first)) count(plan, { from: period.from, to: min(period.to, addDays(firstOf(first), -1)) });
  for (let month = max(monthOf(period.from), first); month <= min(monthOf(period.to), last); month = nextMonth(month)) {
    const part = { from: max(period.from, firstOf(month)), to: min(period.to, lastOf(month)) };
    if (!months.has(month)) count(plan, part);
    else if (staleMonths.has(month)) for (const day of daysOf(part)) take(plan, day, stale.has(day));
    else takeFrom(plan, month, part, until);
  }
  if (period.to > lastOf(last)) count(plan, { from: max(period.from, addDays(lastOf(last), 1)), to: period.to });
  return plan;
}

function take(plan: Plan, day: string, isStale: boolean): void {
  if (isStale) count(plan, { from: day, to: day });
  else plan.spans.push(day);
}

/** Some days of a month that is summed up, or all that have anybody in them. */
function takeFrom({ spans, less }: Plan, month: string, { from, to }: Period, until: string | undefined): void {
  const last = until?.startsWith(month) ? until : lastOf(month);
  if (from === firstOf(month) && to === last) {
    spans.push(month);
    return;
  }
  const inside = daysOf({ from, to });
  const outside = [
    ...daysOf({ from: firstOf(month), to: addDays(from, -1) }),
    ...daysOf({ from: addDays(to, 1), to: last }),
  ];
  if (inside.length <= outside.length) spans.push(...inside);
  else {
    spans.push(month);
    less.push(...outside);
  }
}

/** Stretches that follow each other become one. */
function count({ stretches }: Plan, stretch: Period): void {
  const last = stretches.at(-1);
  if (last && addDays(last.to, 1) === stretch.from) last.to = stretch.to;
  else stretches.push({ ...stretch });
}

const min = (a: string, b: string): string => (a < b ? a : b);
const max = (a: string, b: string): string => (a > b ? a : b);
