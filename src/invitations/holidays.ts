import { addDays } from '../shared/dates.ts';
import { weekdayOf } from '../shared/zones.ts';

/** How a country's public holidays are found in a year, as 'YYYY-MM-DD'. */
type Rule = (year: number) => string;

const iso = (year: number, month: number, date: number) =>
  `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`;

/** Easter Sunday of the Gregorian calendar. Source: the "anonymous Gregorian algorithm" (Nature, 20 April 1876). */
export function easterOf(year: number): string {
  const a = year % 19;
  const [b, c] = [Math.floor(year / 100), year % 100];
  const [d, e] = [Math.floor(b / 4), b % 4];
  const g = Math.floor((b - Math.floor((b + 8) / 25) + 1) / 3);
  const h = (19 * a + b - d - g + 15) % 30;
  const l = (32 + 2 * e + 2 * Math.floor(c / 4) - h - (c % 4)) % 7;
  const m = Math.floor((a + 11 * h + 22 * l) / 451);
  const sum = h + l - 7 * m + 114;
  return iso(year, Math.floor(sum / 31), (sum % 31) + 1);
}

const fixed =
  (month: number, date: number): Rule =>
  (year) =>
    iso(year, month, date);

const easter =
  (days: number): Rule =>
  (year) =>
    addDays(easterOf(year), days);

/** The nth such weekday of a month (0 is Sunday); counted from its end where n is negative. */
const nth =
  (n: number, weekday: number, month: number): Rule =>
  (year) => {
    if (n < 0) {
      const last = addDays(month === 12 ? iso(year + 1, 1, 1) : iso(year, month + 1, 1), -1);
      return addDays(last, -((weekdayOf(last) - weekday + 7) % 7) + (n + 1) * 7);
    }
    const first = iso(year, month, 1);
    return addDays(first, ((weekday - weekdayOf(first) + 7) % 7) + (n - 1) * 7);
  };

/** On a Saturday or Sunday, the Monday after it is free instead. */
const orMonday =
  (month: number, date: number): Rule =>
  (year) => {
    const day = iso(year, month, date);
    return addDays(day, ({ 6: 2, 0: 1 } as Record<number, number>)[weekdayOf(day)] ?? 0);
  };

/** On a Saturday, the Friday before; on a Sunday, the Monday after. */
const nearest =
  (month: number, date: number): Rule =>
  (year) => {
    const day = iso(year, month, date);
    return addDays(day, ({ 6: -1, 0: 1 } as Record<number, number>)[weekdayOf(day)] ?? 0);
  };

/** Christmas and the day after it are two days off, wherever the weekend falls. */
const boxing: Rule = (year) => {
  const day = iso(year, 12, 26);
  return addDays(day, ({ 6: 2, 0: 2, 1: 1 } as Record<number, number>)[weekdayOf(day)] ?? 0);
};

/** In the Netherlands the King's birthday moves to Saturday when it falls on a Sunday. */
const kingsDay: Rule = (year) => (weekdayOf(iso(year, 4, 27)) === 0 ? iso(year, 4, 26) : iso(year, 4, 27));

/** In Ireland the first Monday of February, or the first of it where that is a Friday. */
const brigid: Rule = (year) => (weekdayOf(iso(year, 2, 1)) === 5 ? iso(year, 2, 1) : nth(1, 1, 2)(year));

const [MAUNDY, GOOD_FRIDAY, EASTER, EASTER_MONDAY] = [easter(-3), easter(-2), easter(0), easter(1)];
const [ASCENSION, WHIT_SUNDAY, WHIT_MONDAY, CORPUS_CHRISTI] = [easter(39), easter(49), easter(50), easter(60)];
const CHRISTMAS = [fixed(12, 25), fixed(12, 26)];
const NEW_YEAR = fixed(1, 1);
const LABOUR = fixed(5, 1);

/** Those of the whole country, from its own laws; what only a state or canton keeps is left out. */
const RULES: Record<string, Rule[]> = {
  DE: [
    NEW_YEAR,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    WHIT_SUNDAY,
    WHIT_MONDAY,
    fixed(10, 3),
    ...CHRISTMAS,
  ],
  AT: [
    NEW_YEAR,
    fixed(1, 6),
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    WHIT_SUNDAY,
    WHIT_MONDAY,
    CORPUS_CHRISTI,
    fixed(8, 15),
    fixed(10, 26),
    fixed(11, 1),
    fixed(12, 8),
    ...CHRISTMAS,
  ],
  // By federal law only the first of August; these are kept in all or nearly all cantons.
  CH: [NEW_YEAR, GOOD_FRIDAY, EASTER, EASTER_MONDAY, ASCENSION, WHIT_SUNDAY, WHIT_MONDAY, fixed(8, 1), ...CHRISTMAS],
  NL: [NEW_YEAR, EASTER, EASTER_MONDAY, kingsDay, fixed(5, 5), ASCENSION, WHIT_SUNDAY, WHIT_MONDAY, ...CHRISTMAS],
  BE: [
    NEW_YEAR,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    ASCENSION,
    WHIT_SUNDAY,
    WHIT_MONDAY,
    fixed(7, 21),
    fixed(8, 15),
    fixed(11, 1),
    fixed(11, 11),
    fixed(12, 25),
  ],
  NO: [
    NEW_YEAR,
    MAUNDY,
    GOOD_FRIDAY,
    EASTER,
    EASTER_MONDAY,
    LABOUR,
    fixed(5, 17),
    ASCENSION,
    WHIT_SUNDAY,
    WHIT_MONDAY,
    ...CHRISTMAS,
  ],
  GB: [
    orMonday(1, 1),
    GOOD_FRIDAY,
    EASTER_MONDAY,
    nth(1, 1, 5),
    nth(-1, 1, 5),
    nth(-1, 1, 8),
    orMonday(12, 25),
    boxing,
  ],
  IE: [
    NEW_YEAR,
    brigid,
    fixed(3, 17),
    EASTER_MONDAY,
    nth(1, 1, 5),
    nth(1, 1, 6),
    nth(1, 1, 8),
    nth(-1, 1, 10),
    ...CHRISTMAS,
  ],
  US: [
    nearest(1, 1),
    nth(3, 1, 1),
    nth(3, 1, 2),
    nth(-1, 1, 5),
    nearest(6, 19),
    nearest(7, 4),
    nth(1, 1, 9),
    nth(2, 1, 10),
    nearest(11, 11),
    nth(4, 4, 11),
    nearest(12, 25),
  ],
};

const years = new Map<string, Set<string>>();

/** Public holidays of a country in a year; none for a country that is not known here. */
export function holidaysOf(country: string, year: number): Set<string> {
  const key = `${country} ${year}`;
  let days = years.get(key);
  if (!days) years.set(key, (days = new Set((RULES[country] ?? []).map((rule) => rule(year)))));
  return days;
}

/** Whether that day is a public holiday there. The first of January may be kept on the day before: the year after is asked too. */
export function isHoliday(country: string, day: string): boolean {
  const year = Number(day.slice(0, 4));
  return holidaysOf(country, year).has(day) || (day.endsWith('12-31') && holidaysOf(country, year + 1).has(day));
}
