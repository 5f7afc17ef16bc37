/** Dates and numbers as the reader's language writes them. Formatters are kept: making one costs a thousand uses. */
const kept = new Map<string, Intl.DateTimeFormat>();

function dateFormat(language: string, timeZone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language} ${timeZone} ${JSON.stringify(options)}`;
  let format = kept.get(key);
  if (!format) {
    // Staff who read English here are in Europe more often than not: 10 November, not November 10.
    const locale = language === 'en' ? 'en-GB' : language;
    kept.set(key, (format = new Intl.DateTimeFormat(locale, { ...options, timeZone })));
  }
  return format;
}

const DAY: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'long', year: 'numeric' };
const LONG: Intl.DateTimeFormatOptions = { weekday: 'long', ...DAY };
const TIME: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit' };
const MONTH_SHORT: Intl.DateTimeFormatOptions = { month: 'short', year: '2-digit' };
const MONTH: Intl.DateTimeFormatOptions = { month: 'long', year: 'numeric' };

/** '2026-11-10' -> '10 November 2026'. */
export function formatDay(day: string, language: string): string {
  return dateFormat(language, 'UTC', DAY).format(new Date(`${day}T00:00:00Z`));
}

/** '2026-11-10' -> 'Tuesday, 10 November 2026'. */
export function formatLongDay(day: string, language: string): string {
  return dateFormat(language, 'UTC', LONG).format(new Date(`${day}T00:00:00Z`));
}

/** '2026-11-13' -> 'Friday 13 November': a day soon, whose year goes without saying. */
export function formatWeekday(day: string, language: string): string {
  return dateFormat(language, 'UTC', { weekday: 'long', day: 'numeric', month: 'long' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** The same where room is scarce: 'Fri 20 Nov'. */
export function formatShortWeekday(day: string, language: string): string {
  return dateFormat(language, 'UTC', { weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(`${day}T00:00:00Z`),
  );
}

/** A timestamp as weekday, day and time of a time zone: 'Tuesday 10 November 2026 at 08:05'. */
export function formatLongMoment(timestamp: string, language: string, timeZone: string): string {
  return dateFormat(language, timeZone, { ...LONG, ...TIME }).format(new Date(timestamp));
}

/** '2026-11' or a day of it -> 'November 2026'. */
export function formatMonth(day: string, language: string): string {
  return dateFormat(language, 'UTC', MONTH).format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
}

/** '2026-11-10' -> 'Nov 26': for the axis of a chart. */
export function formatMonthShort(day: string, language: string): string {
  return dateFormat(language, 'UTC', MONTH_SHORT).format(new Date(`${day.slice(0, 7)}-01T00:00:00Z`));
}

/** A timestamp as day and time of a time zone: '10 November 2026 at 08:05'. */
export function formatMoment(timestamp: string, language: string, timeZone: string): string {
  return dateFormat(language, timeZone, { ...DAY, ...TIME }).format(new Date(timestamp));
}

const keptNumbers = new Map<string, Intl.NumberFormat>();

export function formatNumber(value: number, language: string, options: Intl.NumberFormatOptions = {}): string {
  const key = `${language} ${JSON.stringify(options)}`;
  let format = keptNumbers.get(key);
  if (!format) keptNumbers.set(key, (format = new Intl.NumberFormat(language, options)));
  const text = format.format(value);
  // Intl writes a hyphen in most languages; set beside a plus it reads as a dash.
  return value < 0 ? text.replace('-', '−') : text;
}

/** 0.308 -> '31 %', or with one decimal '30.8 %', spaced as the language spaces it. */
export function formatShare(share: number, language: string, decimals = 0): string {
  const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return formatNumber(share, language, { style: 'percent', ...digits });
}
