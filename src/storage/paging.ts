import { sql } from 'kysely';
import type { Condition } from './condition.ts';

/** A part of a list: its rows and, where there are more, the cursor that the next part begins after. */
export interface Page<T> {
  rows: T[];
  next: string | null;
}

/**
 * Cuts the row too many that a store asked for (`limit + 1`) and names the cursor of the last row kept.
 * A cursor is the last row's sort key and id, so that rows that come or go meanwhile shift nothing.
 */
export function page<T>(rows: T[], limit: number, cursorOf: (row: T) => string): Page<T> {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { rows: kept, next: rows.length > limit && last !== undefined ? cursorOf(last) : null };
}

/** A place in a list that is ordered by moments: the cursor 'AT ID'. */
export interface Moment {
  at: string;
  id: string;
}

/** Null for the beginning, and for what is no such cursor. */
export function momentIn(cursor: string | null): Moment | null {
  const [, at, id] = /^(\S{24}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
  return at !== undefined && id !== undefined ? { at, id } : null;
}

/** Behind a place in a list by these columns, the earliest first. The first half is what an index can seek by. */
export const laterThan = (at: string, id: string, place: Moment): Condition =>
  sql`(${sql.ref(at)} >= ${place.at} and (${sql.ref(at)} > ${place.at} or ${sql.ref(id)} > ${place.id}))`;

/** The same, the latest first. */
export const earlierThan = (at: string, id: string, place: Moment): Condition =>
  sql`(${sql.ref(at)} <= ${place.at} and (${sql.ref(at)} < ${place.at} or ${sql.ref(id)} < ${place.id}))`;
