import { wilson, type Share } from '../../shared/statistics.ts';
import type { countReturns } from './returns-store.ts';
import { WINDOWS, type Window } from './rules.ts';

interface Kept {
  days: Window;
  /** Whose days have passed; the others are still open. */
  base: number;
  open: number;
  kept: number;
  /** Null without a base. */
  share: Share | null;
}

/** What became of those who came back. */
export interface Durability {
  returned: number;
  kept: Kept[];
  spentMinor: number;
  /** Spent since the return, for each of them and each 30 days of it; null before the first day. */
  aMonthMinor: number | null;
  /** Lifetime value of those who are customers today, as the last night worked it out; null before the first one. */
  toComeMinor: number | null;
}

type Returns = Awaited<ReturnType<typeof countReturns>>;

const MONTH = 30;

export function durabilityOf(returns: Returns): Durability {
  const sum = (of: (row: Returns[number]) => number) => returns.reduce((total, row) => total + of(row), 0);
  const [returned, spentMinor, days] = [
    sum(({ count }) => count),
    sum((row) => row.spentMinor),
    sum((row) => row.days),
  ];
  return {
    returned,
    kept: WINDOWS.map((window) => {
      const base = sum(({ kept, count }) => (kept[window] === null ? 0 : count));
      const kept = sum((row) => (row.kept[window] === 1 ? row.count : 0));
      return { days: window, base, open: returned - base, kept, share: base === 0 ? null : wilson(kept, base) };
    }),
    spentMinor,
    aMonthMinor: days === 0 ? null : Math.round((spentMinor * MONTH) / days),
    toComeMinor: returns.some(({ toComeMinor }) => toComeMinor !== null) ? sum((row) => row.toComeMinor ?? 0) : null,
  };
}
