import { addDays, addMonths } from '../../shared/dates.ts';
import type { Period } from '../rules.ts';

/** Spans from one to another, both included, as they stand in the table: 'd2026-11-22' a day, 'm2026-11' a month. */
export interface SpanRange {
  from: string;
  to: string;
}

const monthOf = (day: string): string => day.slice(0, 7);
const firstOf = (day: string): string => `${monthOf(day)}-01`;
/** The last day of the month of a day. */
export const lastOf = (day: string): string => addDays(addMonths(firstOf(day), 1), -1);

/** A period as whole months, with the days that stand before and after them: as many rows whatever it counts. */
export function spansOf({ from, to }: Period): SpanRange[] {
  if (from > to) return [];
  const first = from === firstOf(from) ? from : addMonths(firstOf(from), 1);
  const last = to === lastOf(to) ? to : addDays(firstOf(to), -1);
  if (first > last) return [days(from, to)];
  return [
    ...(from < first ? [days(from, addDays(first, -1))] : []),
    { from: `m${monthOf(first)}`, to: `m${monthOf(last)}` },
    ...(last < to ? [days(addDays(last, 1), to)] : []),
  ];
}

const days = (from: string, to: string): SpanRange => ({ from: `d${from}`, to: `d${to}` });
