import { addDays } from './dates.ts';

/** A moment as the clocks of a place show it: the day, and minutes since its midnight. */
interface LocalTime {
  day: string;
  minutes: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

const SHOWN = /^(\d{4}-\d{2}-\d{2}), (\d{2}):(\d{2})$/;

/** What the clocks of a time zone show at that moment, seconds left out. */
export function localTime(timeZone: string, at: string): LocalTime {
  const [, day = '', hours = '0', minutes = '0'] = SHOWN.exec(formatOf(timeZone).format(new Date(at))) ?? [];
  return { day, minutes: Number(hours) * 60 + Number(minutes) };
}

/** What the clock of a time zone is ahead of UTC at that moment, in minutes. */
function offsetAt(timeZone: string, milliseconds: number): number {
  const { day, minutes } = localTime(timeZone, new Date(milliseconds).toISOString());
  return Math.round((Date.parse(`${day}T00:00:00.000Z`) - milliseconds) / 60_000) + minutes;
}

/** The same few hours are asked for again and again; so many are remembered. */
const MOST_MOMENTS = 1000;
const moments = new Map<string, string>();

/**
 * The moment at which the clocks of a time zone show that. Shown twice (clocks put back), it is the first time; never
 * shown (clocks put forward), it is as much later as the clocks jumped.
 */
export function momentAt(timeZone: string, at: LocalTime): string {
  const key = `${timeZone} ${at.day} ${at.minutes}`;
  const known = moments.get(key);
  if (known !== undefined) return known;
  if (moments.size >= MOST_MOMENTS) moments.clear();
  const moment = momentOf(timeZone, at);
  moments.set(key, moment);
  return moment;
}

function momentOf(timeZone: string, { day, minutes }: LocalTime): string {
  const wanted = Date.parse(`${day}T00:00:00.000Z`) + minutes * 60_000;
  const [before, after] = [offsetAt(timeZone, wanted - DAY_MS), offsetAt(timeZone, wanted + DAY_MS)];
  const shows = (offset: number) => offsetAt(timeZone, wanted - offset * 60_000) === offset;
  const offset = shows(before) ? before : shows(after) ? after : before;
  return new Date(wanted - offset * 60_000).toISOString();
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** So many days later by the calendar of the place: at the same time of day there, whatever the clocks did meanwhile. */
export function daysLater(timeZone: string, at: string, days: number): string {
  const { day, minutes } = localTime(timeZone, at);
  return momentAt(timeZone, { day: addDays(day, days), minutes });
}

/** 0 is Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00.000Z`).getUTCDay();
}
