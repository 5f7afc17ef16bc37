import type { Dealing, Invoice, Purchase } from './records.ts';

/** A place in a list by day, newest first. */
export interface Position {
  at: string;
  id: string;
}

/** A cursor as it stands in an address: the day or moment, and the id. */
export function cursorOf({ at, id }: Position): string {
  return `${at}~${id}`;
}

/** The place that a cursor names; null, the beginning, for anything else. */
export function beyond(cursor: string | null): Position | null {
  const [, at = '', id = ''] = /^([\dTZ:.-]{0,24})~([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
  return id ? { at, id } : null;
}

/** The day that a record stands under in lists and in the timeline. */
export function dayOf(record: Purchase | Invoice | Dealing): string {
  if ('purchasedOn' in record) return record.purchasedOn;
  return 'fromOn' in record ? record.fromOn : (record.issuedOn ?? record.dueOn ?? '');
}

/**
 * The usual gap between two purchases in days: the median of the gaps between the days on which they bought.
 * Undefined for fewer than two gaps, since one tells nothing about a habit.
 */
export function usualGap(days: string[]): number | undefined {
  const times = days.map((day) => Date.parse(day) / 86_400_000).sort((a, b) => a - b);
  const gaps = times
    .slice(1)
    .map((time, i) => time - (times[i] ?? time))
    .sort((a, b) => a - b);
  if (gaps.length < 2) return undefined;
  const middle = gaps.length >> 1;
  const median = gaps.length % 2 ? gaps[middle] : ((gaps[middle - 1] ?? 0) + (gaps[middle] ?? 0)) / 2;
  return Math.round(median ?? 0);
}
