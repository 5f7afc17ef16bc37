import { addDays, addMonths } from '../../shared/dates.ts';
import type { LeavingFigures } from '../leaving-rules.ts';
import { trustIn, type Period } from '../rules.ts';

export type Grain = 'month' | 'quarter';

const MONTHS: Record<Grain, number> = { month: 1, quarter: 3 };
const BACK: Record<Grain, number> = { month: 24, quarter: 8 };

/** The months of two years, or their quarters, up to a day; the last one ends on it. */
export function stepsUpTo(day: string, grain: Grain): Period[] {
  const month = Number(day.slice(5, 7)) - 1;
  const within = month % MONTHS[grain];
  const last = addMonths(`${day.slice(0, 7)}-01`, -within);
  return Array.from({ length: BACK[grain] }, (_, i) => {
    const from = addMonths(last, (i - BACK[grain] + 1) * MONTHS[grain]);
    const end = addDays(addMonths(from, MONTHS[grain]), -1);
    return { from, to: end < day ? end : day };
  });
}

/** Months where at least half of those with any known reason hold 30 of them, else quarters. */
export function grainFor(months: Pick<LeavingFigures, 'base'>[]): Grain {
  const some = months.filter(({ base }) => base > 0);
  const sound = some.filter(({ base }) => trustIn(base) === 'sound');
  return some.length > 0 && sound.length * 2 >= some.length ? 'month' : 'quarter';
}

/** A change of the codebook by which shares before and after are not quite of the same. */
export interface Mark {
  /** The first step that it falls in. */
  at: number;
  /** The days of the changes. */
  days: string[];
}

/** What days fall into which step; those before and after all steps are left out. */
export function marksIn(steps: Period[], days: string[]): Mark[] {
  return steps.flatMap(({ from, to }, at) => {
    const own = days.filter((day) => from <= day && day <= to);
    return own.length > 0 ? [{ at, days: own }] : [];
  });
}
