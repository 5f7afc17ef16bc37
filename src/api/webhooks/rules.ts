/** How long after each attempt the next one follows, in seconds: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h; then no more. */
const DELAYS = [5, 300, 1800, 7200, 18_000, 36_000];
export const MOST_TRIES = DELAYS.length + 1;

/** Where nothing got through for so long, nothing more is tried until somebody turns it on again. */
export const FAILING_DAYS = 5;

/** Within this the last attempt has ended, one way or the other; if the process died, it has not. */
const LAST_SECONDS = 60;

/** When to try again after the attempt of that number, if it should fail or never be heard of again. */
export function nextTry(attempt: number, now: string): string {
  return new Date(Date.parse(now) + (DELAYS[attempt - 1] ?? LAST_SECONDS) * 1000).toISOString();
}
