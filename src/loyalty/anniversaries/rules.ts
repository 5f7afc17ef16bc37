import { addDays, daysBetween } from '../../shared/dates.ts';
import { localTime } from '../../shared/zones.ts';

const isLeap = (year: number): boolean => new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;

/** The day of a year on which something that began on `since` comes round; 29 February is 28 February in ordinary years. */
export function anniversaryIn(since: string, year: number): string {
  const monthDay = since.slice(5) === '02-29' && !isLeap(year) ? '02-28' : since.slice(5);
  return `${String(year).padStart(4, '0')}-${monthDay}`;
}

/** As what kept days ('MM-DD') an anniversary can stand that falls on this day. */
export function monthDaysOn(day: string): string[] {
  const monthDay = day.slice(5);
  return monthDay === '02-28' && !isLeap(Number(day.slice(0, 4))) ? ['02-28', '02-29'] : [monthDay];
}

export interface Anniversary {
  /** The one greeting of that year. */
  year: number;
  /** So many years by then; at least one. */
  years: number;
  onDay: string;
}

/** Nobody gets mail in the night; a machine that slept catches up for so many days. */
const MAIL_FROM_MINUTES = 9 * 60;
const LATE_DAYS = 2;
/** So long before the day a card has to be written to be there in time. */
const POST_DAYS = 5;

/**
 * The anniversary whose greeting is due now where they live: by mail on the day from nine in the morning, by post some
 * days before; a little late where nobody looked. Undefined where none is.
 */
export function dueAnniversary(
  since: string,
  way: 'mail' | 'post',
  timeZone: string,
  now: string,
): Anniversary | undefined {
  const { day, minutes } = localTime(timeZone, now);
  const ahead = way === 'post' ? POST_DAYS : 0;
  const year = Number(addDays(day, ahead).slice(0, 4));
  return [year, year - 1]
    .map((each) => ({ year: each, years: each - Number(since.slice(0, 4)), onDay: anniversaryIn(since, each) }))
    .find(({ years, onDay }) => {
      const left = daysBetween(day, onDay);
      const inTime = way === 'post' || left < 0 || minutes >= MAIL_FROM_MINUTES;
      return years >= 1 && left <= ahead && left >= -LATE_DAYS && inTime;
    });
}

/** The calendar days that anybody's clocks show while a greeting of this day may be due: day in UTC, both ends included. */
export function daysToLookAt(now: string): string[] {
  const today = now.slice(0, 10);
  const first = -LATE_DAYS - 1;
  return Array.from({ length: POST_DAYS + 2 - first }, (_, i) => addDays(today, first + i));
}

export interface Tier {
  /** From so many years on. */
  years: number;
  /** What comes with the card, by language. */
  text: Record<string, string>;
  /** An offer of the catalogue that comes with it; null for words alone. */
  offerId: string | null;
}

/** The highest tier that they have reached; undefined for a card alone. */
export function tierFor<T extends Pick<Tier, 'years'>>(tiers: T[], years: number): T | undefined {
  const reached = tiers.filter((tier) => tier.years <= years).sort((a, b) => b.years - a.years);
  return reached[0];
}

/** Why somebody gets no greeting; the first that holds. */
export type Hindrance =
  'left' | 'unsubscribed' | 'refused' | 'talking' | 'no_legal_basis' | 'suppressed' | 'no_address' | 'greeted';
