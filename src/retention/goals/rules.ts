import type { Figure } from '../figures.ts';
import type { Aim } from './goal.ts';

/**
 * How a goal stands. `not_told`: the interval of today's figure still contains the start, so that nothing can be said
 * yet. `open`: nothing was known when it was written, and the target is not reached.
 */
type StandingName =
  'words' | 'unknown' | 'few' | 'not_told' | 'back' | 'begun' | 'halfway' | 'far' | 'almost' | 'reached' | 'open';

export interface Standing {
  name: StandingName;
  /** Of the way from the start to the target; below 0 where it went the other way. Null where it cannot be said. */
  way: number | null;
}

/** Below so many a share says nothing. */
const FEW = 10;

const WAYS: [until: number, name: StandingName][] = [
  [0, 'back'],
  [0.4, 'begun'],
  [0.6, 'halfway'],
  [0.85, 'far'],
  [1, 'almost'],
];

/** Start -> now -> target. */
export function standingOf({ start, target, direction }: Omit<Aim, 'measure'>, now: Figure): Standing {
  if (now.value === null) return { name: 'unknown', way: null };
  const isThere = direction === 'up' ? now.value >= target : now.value <= target;
  if (now.unit === 'share' && now.base < FEW) return { name: 'few', way: null };
  if (start.value === null) return { name: isThere ? 'reached' : 'open', way: null };
  const way = wayOf(start.value, now.value, target);
  const { low, high } = now;
  if (low !== null && high !== null && low <= start.value && start.value <= high) return { name: 'not_told', way };
  if (isThere) return { name: 'reached', way };
  return { name: WAYS.find(([until]) => (way ?? 0) < until)?.[1] ?? 'almost', way };
}

function wayOf(start: number, now: number, target: number): number | null {
  return target === start ? null : (now - start) / (target - start);
}

/** Whether a target lies on the side of the start that the goal wants; a start that nobody knows forbids none. */
export function isAhead(start: number | null, target: number, direction: Aim['direction']): boolean {
  if (start === null) return true;
  return direction === 'up' ? target > start : target < start;
}
