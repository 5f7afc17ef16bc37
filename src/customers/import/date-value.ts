import type { Cell } from './table.ts';
import { bad, good, type Parsed } from './text-value.ts';

/** `monthFirst` reads 4/25/2022 as people in the United States do. `latest` is the last day allowed, 'YYYY-MM-DD'. */
interface DateContext {
  monthFirst: boolean;
  latest?: string | undefined;
}

const YEAR_FIRST = /^(\d{4})([-./])(\d{1,2})\2(\d{1,2})$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const YEAR_LAST = /^(\d{1,2})([-./])\s?(\d{1,2})\2\s?(\d{4})$/;
const SHORT_YEAR = /^\d{1,2}([-./])\s?\d{1,2}\1\s?\d{2}$/;
const TIME_OF_DAY = /[T ]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?\s?(Z|[AaPp]\.?[Mm]\.?|[+-]\d{2}:?\d{2})?$/;
/** What other systems write for "never". */
const NO_DATE = /^(0000-00-00|00[./-]00[./-]0000|9999-12-31|31[./-]12[./-]9999|12\/31\/9999|-+)$/;

/** The day, 'YYYY-MM-DD', of a cell with or without a time of day; undefined for an empty cell. */
export function parseDate(cell: Cell, context: DateContext): Parsed<string | undefined> {
  const text = typeof cell === 'number' ? serialDay(cell) : cell.trim().replace(TIME_OF_DAY, '');
  if (text === '' || NO_DATE.test(text)) return good(undefined);
  const parts = partsOf(text, context.monthFirst);
  if (!parts) return bad(SHORT_YEAR.test(text) ? 'yearWithFourDigits' : 'notADate');
  const day = plain(parts);
  if (!exists(parts)) return noSuchDay(parts);
  if (day < '1900-01-01') return bad('before1900');
  return context.latest !== undefined && day > context.latest ? bad('inFuture') : good(day);
}

type Parts = [year: string, month: string, day: string];

function partsOf(text: string, monthFirst: boolean): Parts | undefined {
  const [, year, , month, day] = YEAR_FIRST.exec(text) ?? [];
  if (year && month && day) return [year, month, day];
  const [, first, mark, second, last] = YEAR_LAST.exec(text) ?? [];
  if (first && second && last) return monthFirst && mark !== '.' ? [last, first, second] : [last, second, first];
  const [, ...compact] = COMPACT.exec(text) ?? [];
  return compact.length === 3 ? (compact as Parts) : undefined;
}

function plain([year, month, day]: Parts): string {
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

function noSuchDay([year, month, day]: Parts): Parsed<never> {
  return bad(Number(month) > 12 && exists([year, day, month]) ? 'dayMonthSwapped' : 'noSuchDay');
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the calendar has that day; by arithmetic, as a file asks it some hundred thousand times. */
function exists(parts: Parts): boolean {
  const [year = 0, month = 0, day = 0] = parts.map(Number);
  if (day < 1 || day > (LONGEST[month - 1] ?? 0)) return false;
  return month !== 2 || day < 29 || (year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0));
}

/** Excel's serial number of a day (1 March 1900 is 61; 1950 to 2100 here), else the number itself. */
function serialDay(cell: number): string {
  if (!(cell >= 18_264 && cell < 73_051)) return String(cell);
  return new Date(Date.UTC(1899, 11, 30 + Math.floor(cell))).toISOString().slice(0, 10);
}
