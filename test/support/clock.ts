import type { Clock } from '../../src/shared/clock.ts';

/** A clock that stands still until the test moves it. */
export interface TestClock extends Clock {
  set(at: string): void;
  advance(by: { days?: number; hours?: number; minutes?: number; seconds?: number }): void;
}

export function testClock(at = '2026-11-10T08:05:00.000Z'): TestClock {
  let now = Date.parse(at);
  return {
    now: () => new Date(now),
    set(to) {
      now = Date.parse(to);
    },
    advance({ days = 0, hours = 0, minutes = 0, seconds = 0 }) {
      now += (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000;
    },
  };
}
