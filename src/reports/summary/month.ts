import { workingMinutesLater, type WorkingPlace } from '../../recovery/index.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { momentAt } from '../../shared/zones.ts';
import type { Period } from '../rules.ts';

const MONTH = /^(?:19|20)\d{2}-(?:0[1-9]|1[0-2])$/;

/** Months are 'YYYY-MM', by the calendar of the business. */
export const isMonth = (text: unknown): text is string => typeof text === 'string' && MONTH.test(text);

/** So many months later; earlier where negative. */
export const monthsLater = (month: string, months: number): string => addMonths(`${month}-01`, months).slice(0, 7);

/** The month that it is at that moment where the business is. */
export const monthIn = (timeZone: string, at: Date): string => dayIn(timeZone, at).slice(0, 7);

/** Its first and its last day. */
export const daysOf = (month: string): Period => ({
  from: `${month}-01`,
  to: addDays(`${monthsLater(month, 1)}-01`, -1),
});

/** A month under way is held against as many days of the month before. */
export function sameDaysBefore(month: string, upTo: string): Period {
  const before = daysOf(monthsLater(month, -1));
  const sameDay = addDays(before.from, Number(upTo.slice(8)) - 1);
  const to = upTo === daysOf(month).to || sameDay > before.to ? before.to : sameDay;
  return { from: before.from, to };
}

/** From its first moment to before its last, by the clocks of the business. */
export function momentsOf(timeZone: string, { from, to }: Period): { from: string; before: string } {
  const startOf = (day: string) => momentAt(timeZone, { day, minutes: 0 });
  return { from: startOf(from), before: startOf(addDays(to, 1)) };
}

/** When a month is told: on the first working day after it, when the business opens. */
export function toldAt(place: WorkingPlace, month: string): string {
  const begins = momentAt(place.timeZone, { day: `${monthsLater(month, 1)}-01`, minutes: 0 });
  return workingMinutesLater(place, begins, 0);
}

/** The last month that has been told at that moment, and when that was. */
export function lastTold(place: WorkingPlace, now: Date): { month: string; at: string } {
  let month = monthsLater(monthIn(place.timeZone, now), -1);
  while (toldAt(place, month) > now.toISOString()) month = monthsLater(month, -1);
  return { month, at: toldAt(place, month) };
}
