import { usualGap } from '../../customers/index.ts';
import { addDays } from '../../shared/dates.ts';

/** With fewer days of buying there is no rhythm to speak of. */
const LEAST_DAYS = 4;
/** What lies further back says nothing of the habit of late. */
export const LOOKED_BACK_DAYS = 500;
/** Whoever is so many days past their day has another reason than forgetting: silence, which is looked at elsewhere. */
export const SHOWN_DAYS = 14;
const MOST_LEAD_DAYS = 5;

interface NextNeed {
  gapDays: number;
  lastOn: string;
  expectedOn: string;
  /** From this day on a colleague may come with the solution. */
  askFrom: string;
}

/**
 * When somebody usually buys again: the median gap between the days on which they bought, after the last of them.
 * `days` are distinct, the first first. Undefined without a rhythm. A fifth of the gap before, five days at most, they
 * are asked. Source: median interpurchase time, robust against a single holiday or stock-up.
 */
export function nextNeedOf(days: readonly string[]): NextNeed | undefined {
  const lastOn = days.at(-1);
  const gapDays = days.length < LEAST_DAYS ? undefined : usualGap([...days]);
  if (lastOn === undefined || gapDays === undefined || gapDays < 1) return undefined;
  const expectedOn = addDays(lastOn, gapDays);
  return {
    gapDays,
    lastOn,
    expectedOn,
    askFrom: addDays(expectedOn, -Math.min(MOST_LEAD_DAYS, Math.floor(gapDays / 5))),
  };
}
