import { daysBetween } from '../../shared/dates.ts';
import { median } from '../../shared/statistics.ts';
import type { Rhythm } from './rules.ts';

/** With fewer gaps of their own, their segment's speak for them. */
const LEAST_GAPS = 3;
/** A segment with fewer gaps says nothing either; then everybody's do. */
const LEAST_SEGMENT_GAPS = 30;
/** Purchases further back say nothing of the rhythm of late. */
export const LOOKED_BACK_DAYS = 5 * 365;
const SHARE = 0.8;

/** The smallest value that at least this share of the values does not exceed. Undefined for none. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

/** Days between purchases; `days` are distinct, the first first. */
export function gapsOf(days: readonly string[]): number[] {
  return days.slice(1).map((day, i) => daysBetween(days[i] ?? day, day));
}

/** How long the gaps of a segment are. */
export interface SegmentRhythm {
  gapDays: number;
  gaps: number;
}

/**
 * How often somebody buys, from their own gaps or, with few, from their segment's ('' is everybody's). Undefined for
 * whoever never bought, or where nobody's gaps are known.
 */
export function rhythmOf(
  days: readonly string[],
  segment: string,
  segments: ReadonlyMap<string, SegmentRhythm>,
): Rhythm | undefined {
  const lastOn = days.at(-1);
  if (lastOn === undefined) return undefined;
  const gaps = gapsOf(days);
  if (gaps.length >= LEAST_GAPS) {
    // As on the customer's page, so that both tell the same.
    return { lastOn, usual: Math.round(median(gaps) ?? 1), long: percentile(gaps, SHARE) ?? 1, own: true };
  }
  const theirs = segments.get(segment);
  const known = theirs && theirs.gaps >= LEAST_SEGMENT_GAPS ? theirs : segments.get('');
  if (!known || known.gaps < LEAST_SEGMENT_GAPS) return undefined;
  return { lastOn, usual: known.gapDays, long: known.gapDays, own: false };
}

const MOST_DAYS = 1000;

/** Counts gaps by segment, customer by customer, without keeping them. */
export function createTally() {
  const counts = new Map<string, Uint32Array>();
  const countOf = (segment: string) => {
    let found = counts.get(segment);
    if (!found) counts.set(segment, (found = new Uint32Array(MOST_DAYS + 1)));
    return found;
  };
  return {
    add(segment: string, days: readonly string[]): void {
      for (const gap of gapsOf(days)) {
        for (const each of segment === '' ? [''] : ['', segment]) {
          const bins = countOf(each);
          bins[Math.min(MOST_DAYS, gap)] = (bins[Math.min(MOST_DAYS, gap)] ?? 0) + 1;
        }
      }
    },
    /** The 80th percentile of each segment's gaps. */
    result(): Map<string, SegmentRhythm> {
      return new Map([...counts].map(([segment, bins]) => [segment, rhythmIn(bins)]));
    },
  };
}

export type GapTally = ReturnType<typeof createTally>;

function rhythmIn(bins: Uint32Array): SegmentRhythm {
  const gaps = bins.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  const gapDays = bins.findIndex((count) => (seen += count) >= Math.max(1, Math.ceil(SHARE * gaps)));
  return { gapDays: Math.max(1, gapDays), gaps };
}
