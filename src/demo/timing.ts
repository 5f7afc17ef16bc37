import { addDays, daysBetween } from '../shared/dates.ts';
import type { DemoCompany } from './model.ts';
import type { PlannedWave } from './plan.ts';
import type { Random } from './random.ts';

/** Waves go out on Tuesday mornings: the last Tuesday that is at least `days` before today. */
export function waveOn(key: string, today: string, days: number): PlannedWave {
  const day = addDays(today, -days);
  const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay();
  return { key, sent_at: `${addDays(day, -((weekday + 5) % 7))}T08:00:00.000Z`, customers: [] };
}

/** Most answer within two days, some after weeks, nobody later than yesterday. */
export function answeredAt(sent_at: string, today: string, random: Random): string {
  const sent = sent_at.slice(0, 10);
  const days = Math.min(24, Math.floor(-3.2 * Math.log(1 - random.next())), daysBetween(sent, today) - 1);
  return moment(addDays(sent, days), random.int(days === 0 ? 9 : 5, 20), random);
}

/** In working hours of a later weekday; null where that day has not come yet. */
export function codedAt(answered_at: string, today: string, random: Random): string | null {
  const day = weekdayFrom(addDays(answered_at.slice(0, 10), random.int(1, 8)));
  return day < today ? moment(day, random.int(7, 14), random) : null;
}

function moment(day: string, hour: number, random: Random): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `${day}T${two(hour)}:${two(random.int(0, 59))}:${two(random.int(0, 59))}.000Z`;
}

function weekdayFrom(day: string): string {
  const weekday = new Date(`${day}T00:00:00.000Z`).getUTCDay();
  return weekday === 6 ? addDays(day, 2) : weekday === 0 ? addDays(day, 1) : day;
}

/** How many of `part` in a company that may be smaller or larger than the usual one. */
export function scaled(count: number, part: number, of: number): number {
  return Math.round((count * part) / of);
}

/** Colleagues who code, those of the language first. */
export function codersFor(company: DemoCompany, language: string): string[] {
  const coders = company.profile.staff.filter((one) => one.codes);
  const own = coders.filter((one) => one.contact_for.some((spoken) => spoken === language));
  return (own.length > 0 ? own : coders).map((one) => one.key);
}
