import { addMonths } from '../../shared/dates.ts';
import { goodShare, type GoodShare } from './figures-rules.ts';
import type { Part } from './parts.ts';

/** A month, or a quarter by its first month ('2026-10'). */
interface TrendFigure extends GoodShare {
  month: string;
}

export interface Trend {
  grain: 'month' | 'quarter';
  points: TrendFigure[];
}

export interface MonthScore {
  month: string;
  topic: string;
  item: string;
  n: number;
}

/** So many months a trend looks back. */
export const MONTHS = 24;
/** A trend needs so many at each of its points. */
export const ENOUGH = 30;
const A_QUARTER = 3;

/** The months that a trend up to this day shows, the oldest first; of whole quarters. */
export function monthsUpTo(day: string): string[] {
  const year = day.slice(0, 4);
  const quarterEnd = Math.ceil(Number(day.slice(5, 7)) / A_QUARTER) * A_QUARTER;
  const last = `${year}-${String(quarterEnd).padStart(2, '0')}-01`;
  const months = Array.from({ length: MONTHS }, (_, i) => addMonths(last, i - MONTHS + 1).slice(0, 7));
  return months;
}

/** By month where most months from the first answer to the last have enough, else by quarter: whoever asks once a quarter sees a line. */
export function trendOf(scores: MonthScore[], part: Part, day: string): Trend {
  const months = monthsUpTo(day);
  const byMonth = months.filter((month) => month <= day.slice(0, 7)).map((month) => pointOf(scores, part, [month]));
  const isAnswered = ({ base }: TrendFigure) => base > 0;
  const span = byMonth.findLastIndex(isAnswered) - byMonth.findIndex(isAnswered) + 1;
  const enough = byMonth.filter(({ base }) => base >= ENOUGH);
  if (enough.length * 2 > span) return { grain: 'month', points: byMonth };
  const quarters = months
    .filter((_, i) => i % A_QUARTER === 0)
    .map((_, i) => months.slice(i * A_QUARTER, (i + 1) * A_QUARTER));
  return { grain: 'quarter', points: quarters.map((some) => pointOf(scores, part, some)) };
}

function pointOf(scores: MonthScore[], part: Part, months: string[]): TrendFigure {
  const own = scores.filter(({ month }) => months.includes(month));
  return { month: months[0] ?? '', ...goodShare(own, part) };
}
