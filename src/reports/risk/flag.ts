import { newId } from '../../shared/ids.ts';
import type { Clock } from '../../shared/clock.ts';
import type { FlagRow } from './flag-store.ts';
import type { RiskRow } from './risk-store.ts';

/** A flag as it is raised. */
interface Raised {
  customerId: string;
  /** A plain date. */
  day: string;
  points: number;
  score: number;
  /** 1 for the first of a row of flags, 0 where it only became stronger. */
  first: 0 | 1;
  /** 1 where it would have been raised on a day of the past. */
  lookedBack: 0 | 1;
}

/** What becomes of it is open still. */
export function newFlag(clock: Clock, { customerId, day, points, score, first, lookedBack }: Raised): FlagRow {
  const open = { outcome: 'open' as const, decided_on: null };
  const said = { points, score, first, looked_back: lookedBack };
  return { id: newId(clock), customer_id: customerId, flagged_on: day, ...said, ...open };
}

/** A flag is noted when it is raised, and again for each step by which it has become stronger; else undefined. */
export function flagOf(clock: Clock, row: RiskRow, before: RiskRow | undefined, day: string): FlagRow | undefined {
  const level = before?.level ?? 0;
  if (row.level <= level) return undefined;
  const { customer_id: customerId, points, score } = row;
  return newFlag(clock, { customerId, day, points, score, first: level === 0 ? 1 : 0, lookedBack: 0 });
}
