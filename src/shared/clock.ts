/** The only place that asks the machine for the time. Tests hand in their own. */
export interface Clock {
  now(): Date;
  /** Chance of its own that repeats (0 <= x < 1), for a past that is told the same way every time; else the machine's. */
  readonly draw?: () => number;
}

export const systemClock: Clock = { now: () => new Date() };

/** UTC, ISO-8601 with milliseconds: what every timestamp column holds. */
export function timestamp(clock: Clock): string {
  return clock.now().toISOString();
}
