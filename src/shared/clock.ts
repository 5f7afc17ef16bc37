/** The only place that asks the machine for the time. Tests hand in their own. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** UTC, ISO-8601 with milliseconds: what every timestamp column holds. */
export function timestamp(clock: Clock): string {
  return clock.now().toISOString();
}
