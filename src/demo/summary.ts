import { lastTold } from '../reports/index.ts';
import { hoursOf } from './settling.ts';
import type { Stage, Step } from './stage.ts';

/** The last month that is over was worked out and told when it was due, with what was known then. */
export function summarySteps({ company: { profile }, past, now }: Stage): Step[] {
  const place = { workingHours: hoursOf(profile), timeZone: profile.time_zone, country: profile.country };
  return [{ at: lastTold(place, new Date(now)).at, act: () => past.insight.work() }];
}
