import type { Clock } from '../shared/clock.ts';
import { median } from '../shared/statistics.ts';
import type { Storage } from '../storage/index.ts';
import { lastTimes } from './time-store.ts';

const MINUTE = 60_000;
/** Below that the questionnaire's own estimate is the better one. */
const ENOUGH = 20;
const LOOKED_AT = 500;
/** Whoever takes longer did something else meanwhile. */
const AT_A_SITTING = 120;
const KEPT_MS = 10 * MINUTE;

interface Asked {
  id: string;
  programmeId: string;
  /** How many questions everybody is asked. */
  count: number;
}

/**
 * How many minutes the respondents of a version take, by the median, rounded up; undefined while too few have answered.
 * A response begins with its first answer saved, so the time for that question is added as one of `count` alike.
 */
function minutesIn(times: { startedAt: string; submittedAt: string }[], count: number): number | undefined {
  const minutes = times
    .map(({ startedAt, submittedAt }) => (Date.parse(submittedAt) - Date.parse(startedAt)) / MINUTE)
    .filter((each) => each >= 0 && each <= AT_A_SITTING);
  const middle = minutes.length < ENOUGH ? null : median(minutes);
  return middle === null ? undefined : Math.max(1, Math.ceil(count > 1 ? (middle * count) / (count - 1) : middle));
}

/** Looks again after ten minutes at the soonest: letters are many. */
export function createTimeTaken({ storage, clock }: { storage: Storage; clock: Clock }) {
  const kept = new Map<string, { until: number; minutes: number | undefined }>();
  return async (version: Asked): Promise<number | undefined> => {
    const now = clock.now().getTime();
    const known = kept.get(version.id);
    if (known && now < known.until) return known.minutes;
    const minutes = minutesIn(await lastTimes(storage.read, version, LOOKED_AT), version.count);
    kept.set(version.id, { until: now + KEPT_MS, minutes });
    return minutes;
  };
}
