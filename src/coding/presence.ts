import type { Clock } from '../shared/clock.ts';
import type { Place } from './desk-store.ts';

const MINUTES = 5;

/**
 * Who has which answer before them, so that two colleagues at one desk are not handed the same. A courtesy, kept in
 * memory alone: what decides is whose coding arrives first.
 */
export function createPresence(clock: Clock) {
  const held = new Map<string, { place: string; until: number }>();
  const nameOf = ({ responseId, questionKey }: Place) => `${responseId} ${questionKey}`;

  return {
    hold(accountId: string, place: Place): void {
      held.set(accountId, { place: nameOf(place), until: clock.now().getTime() + MINUTES * 60_000 });
    },
    /** The first of these that nobody else has before them, else the first. */
    free(accountId: string, places: Place[]): Place | undefined {
      const now = clock.now().getTime();
      const taken = new Set(
        [...held].filter(([who, { until }]) => who !== accountId && until > now).map(([, { place }]) => place),
      );
      return places.find((place) => !taken.has(nameOf(place))) ?? places[0];
    },
  };
}
