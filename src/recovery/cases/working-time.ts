import { WEEKDAYS, type Company } from '../../accounts/index.ts';
import { isHoliday } from '../../invitations/index.ts';
import { addDays } from '../../shared/dates.ts';
import { localTime, momentAt, weekdayOf } from '../../shared/zones.ts';

/** When the business works: hours of each weekday by its own clocks, and the country whose holidays it keeps. */
export type WorkingPlace = Pick<Company, 'workingHours' | 'timeZone' | 'country'>;

const MINUTE_MS = 60_000;
/** Nobody's hours leave out more days than these at a stretch. */
const MOST_DAYS_OFF = 60;

const minutesOf = (text: string): number => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
};

interface Span {
  from: number;
  to: number;
}

/** Hours of that day in minutes since midnight; null on a day off. A business that never works is always there. */
function hoursOn({ workingHours, country }: WorkingPlace, day: string): Span | null {
  if (WEEKDAYS.every((each) => workingHours[each] === null)) return { from: 0, to: 24 * 60 };
  const hours = workingHours[WEEKDAYS[(weekdayOf(day) + 6) % 7] ?? 'mon'];
  if (!hours || isHoliday(country, day)) return null;
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)];
  return to > from ? { from, to } : null;
}

/** The same as moments: milliseconds, so that a night on which the clocks change has its true length. */
function windowOn(place: WorkingPlace, day: string): Span | null {
  const hours = hoursOn(place, day);
  const moment = (minutes: number) => Date.parse(momentAt(place.timeZone, { day, minutes }));
  return hours && { from: moment(hours.from), to: moment(hours.to) };
}

/** Working time from that moment on, day by day, each a stretch that is not empty. */
function* windowsFrom(place: WorkingPlace, at: string): Generator<Span & { day: string }> {
  let day = localTime(place.timeZone, at).day;
  const start = Date.parse(at);
  for (let off = 0; off < MOST_DAYS_OFF; off++, day = addDays(day, 1)) {
    const window = windowOn(place, day);
    if (!window || window.to <= start) continue;
    yield { day, from: Math.max(start, window.from), to: window.to };
    off = -1;
  }
}

/**
 * The moment by which so many minutes have been worked after that one. With 0 minutes: that moment itself within
 * working hours, else when they begin again.
 */
export function workingMinutesLater(place: WorkingPlace, at: string, minutes: number): string {
  let left = minutes * MINUTE_MS;
  for (const { from, to } of windowsFrom(place, at)) {
    if (left <= to - from) return new Date(from + left).toISOString();
    left -= to - from;
  }
  return new Date(Date.parse(at) + left).toISOString();
}

/** So many working days later at the same time of day, within that day's hours; a day off counts from the next day's beginning. */
export function workingDaysLater(place: WorkingPlace, at: string, days: number): string {
  const { timeZone } = place;
  const start = localTime(timeZone, workingMinutesLater(place, at, 0));
  let { day } = start;
  for (let left = days, off = 0; left > 0 && off < MOST_DAYS_OFF; off++) {
    day = addDays(day, 1);
    if (!hoursOn(place, day)) continue;
    left -= 1;
    off = 0;
  }
  const hours = hoursOn(place, day);
  const minutes = hours ? Math.min(Math.max(start.minutes, hours.from), hours.to) : start.minutes;
  return momentAt(timeZone, { day, minutes });
}

/** Minutes worked between two moments; negative where the second comes first. */
export function workingMinutesBetween(place: WorkingPlace, from: string, to: string): number {
  if (to < from) return -workingMinutesBetween(place, to, from);
  const end = Date.parse(to);
  let worked = 0;
  for (const window of windowsFrom(place, from)) {
    if (window.from >= end) break;
    worked += Math.min(window.to, end) - window.from;
  }
  return Math.floor(worked / MINUTE_MS);
}
