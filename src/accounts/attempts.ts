import type { Clock } from '../shared/clock.ts';

/** Counts tries at one account from wherever they come; a success wipes the slate. */
export interface Attempts {
  /** Counts one more; false when there have been too many. */
  take(name: string): boolean;
  forget(name: string): void;
}

const MOST_NAMES = 10_000;

/** In this process only. Names that nobody has are counted alike, so that the answer does not tell. */
export function createAttempts(clock: Clock, most: number, minutes: number): Attempts {
  const counted = new Map<string, { tries: number; until: number }>();
  return {
    take(name) {
      const now = clock.now().getTime();
      if (counted.size >= MOST_NAMES) dropEnded(counted, now);
      const known = counted.get(name);
      if (known && known.until > now) return ++known.tries <= most;
      counted.set(name, { tries: 1, until: now + minutes * 60_000 });
      return true;
    },
    forget: (name) => {
      counted.delete(name);
    },
  };
}

function dropEnded(counted: Map<string, { until: number }>, now: number): void {
  for (const [name, { until }] of counted) if (until <= now) counted.delete(name);
  if (counted.size >= MOST_NAMES) counted.clear();
}
