import { createHash } from 'node:crypto';
import { median } from '../shared/statistics.ts';
import type { Dealing, Invoice, Purchase, RecordKind, RecordRows } from './records.ts';

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
  const gaps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  return gaps.length < 2 ? undefined : Math.round(median(gaps) ?? 0);
}

/** What the table keeps unique for a customer, or null for a row without a reference. */
export function columnKey(row: object): string | null {
  const { reference, number } = row as { reference?: string; number?: string };
  return (number ?? reference) || null;
}

/** Two dealings of different kinds may share a reference. */
export function keyOf(kind: RecordKind, customer: string, row: object): string {
  const { kind: dealing = '' } = row as { kind?: string };
  return [customer, kind, dealing, columnKey(row)].join('\0');
}

export function keyWithCustomer<K extends RecordKind>(kind: K, row: RecordRows[K]): string | null {
  return columnKey(row) === null ? null : keyOf(kind, row.customerReference, row);
}

export function sameRecord(record: object | undefined, fields: object): boolean {
  if (!record) return false;
  const known = record as Record<string, unknown>;
  return Object.entries(fields).every(([name, value]) => ['id', 'customerId'].includes(name) || known[name] === value);
}

/** Stands for a record as somebody saw it: whoever saves says which one they changed. */
export function seenMark(record: Purchase | Invoice | Dealing): string {
  const values = Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(values)).digest('base64url').slice(0, 16);
}
