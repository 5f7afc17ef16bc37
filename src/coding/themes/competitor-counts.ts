import type { Clock } from '../../shared/clock.ts';
import type { Storage } from '../../storage/index.ts';
import { countMentions, countRead, type Sent } from './competitor-store.ts';

/** What takes longer to count is kept for a minute. */
const SLOW_MS = 20;
const KEPT_MS = 60_000;
const MOST_KEPT = 100;

export type CompetitorCounts = ReturnType<typeof createCompetitorCounts>;

/** How many responses there are, and in how many of a time each name stands; where that takes long, counted once a minute. */
export function createCompetitorCounts({ read }: Storage, clock: Clock) {
  const bases = keptWhereSlow(clock, (programmeId, sent) => countRead(read, programmeId, sent));
  const roots = keptWhereSlow(clock, (programmeId, sent) => countMentions(read, programmeId, sent));
  return {
    /** How many responses sent in this time have been looked through. */
    base: bases.of,
    /** In how many of them each name stands, by its root. */
    byRoot: roots.of,
    /** Counts names of a time anew from now on: something else counts as something. What was looked through stays. */
    forget: roots.forget,
  };
}

function keptWhereSlow<T>(clock: Clock, count: (programmeId: string, sent: Sent) => Promise<T>) {
  const kept = new Map<string, { until: number; counted: T }>();
  return {
    async of(programmeId: string, sent: Sent): Promise<T> {
      const name = JSON.stringify([programmeId, sent.from, sent.before]);
      const now = clock.now().getTime();
      const known = kept.get(name);
      if (known && known.until > now) return known.counted;
      const began = performance.now();
      const counted = await count(programmeId, sent);
      if (kept.size > MOST_KEPT) kept.clear();
      if (performance.now() - began > SLOW_MS) kept.set(name, { until: now + KEPT_MS, counted });
      return counted;
    },
    forget: () => kept.clear(),
  };
}
