import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Storage } from '../../storage/index.ts';
import {
  besides,
  COLUMNS,
  keyOf,
  RETURNED,
  sumsOfGroups,
  written as writtenGroups,
  type WrittenGroups,
} from './groups.ts';
import { leaverRows, moreFields, type LeaverRow } from './leaver-rows-store.ts';
import { returnedRows } from './returned-store.ts';
import * as store from './span-store.ts';
import { daysOf } from './spans.ts';
import { addLeaver, addSums, countIn, noSums, type Sums } from './sums.ts';
import { readBack, written } from './written.ts';

/** What leavers are summed up by: all of them, what the page filters by, and what else reasons are crossed with. */
const SUMMED = [
  '',
  'segment',
  'country',
  'language',
  'tenure_band',
  'value_band',
  'region',
  'city',
  'mode',
  'item',
  'contact',
  'tag',
] as const;
export type Field = (typeof SUMMED)[number];

/** What groups are kept by besides all that a filter can ask for. */
const GROUPED = SUMMED.filter((field) => !COLUMNS.some((column) => column === field));

type More = Map<string, Record<string, string[]>>;

/** A leaver's values in a field: one as a rule, of tags any number. */
export function valuesIn(field: Field, row: LeaverRow, more: More): string[] {
  switch (field) {
    case '':
      return [''];
    case 'segment':
    case 'country':
    case 'language':
    case 'tenure_band':
    case 'value_band':
      return [row[field]];
    case 'tag':
      return more.get(row.customerId)?.[field] ?? [];
    case 'city':
    case 'contact':
    case 'item':
    case 'mode':
    case 'region':
      return more.get(row.customerId)?.[field] ?? [''];
  }
}

/** So many days at a time: whoever asks or answers meanwhile hardly waits. */
const DAYS_AT_ONCE = 10;

/** Sums up days of a month, all of them unless some are named. @returns how many */
export async function buildDays(storage: Storage, currency: string, month: string, named?: string[]): Promise<number> {
  const days = (named ?? daysOf({ from: `${month}-01`, to: `${month}-31` })).toSorted();
  for (let start = 0; start < days.length; start += DAYS_AT_ONCE) {
    await buildSome(storage, currency, days.slice(start, start + DAYS_AT_ONCE));
    await nextTurn();
  }
  return days.length;
}

async function buildSome(storage: Storage, currency: string, days: string[]): Promise<void> {
  const [from = '', to = from] = [days[0], days.at(-1)];
  await storage.backgroundTransaction(async (tx) => {
    const rows = await leaverRows(tx, { from, to });
    const more = await moreFields(
      tx,
      rows.map(({ customerId }) => customerId),
    );
    const byDay = Map.groupBy(rows, ({ leftOn }) => leftOn);
    const made = days.flatMap((day) => asRows(day, byFieldAndValue(byDay.get(day) ?? [], more)));
    await store.replaceSpans(tx, SUMMED, days, made);
    const groups = days.flatMap((day) =>
      GROUPED.flatMap((field) => asGroups(field, day, groupsOf(field, byDay.get(day) ?? [], more))),
    );
    const returned = Map.groupBy(await returnedRows(tx, { from, to }, currency), ({ leftOn }) => leftOn);
    const back = days.flatMap((day) => asGroups(RETURNED, day, groupsOf('', returned.get(day) ?? [], NOTHING_MORE)));
    await store.replaceGroups(tx, [...GROUPED, RETURNED], days, [...groups, ...back]);
  });
}

const NOTHING_MORE: More = new Map();

const asGroups = (field: string, span: string, groups: Map<string, Sums>): store.GroupRow[] =>
  groups.size > 0 ? [{ field, span, ...writtenGroups(groups) }] : [];

/** Leavers who are alike in all that a filter can ask for, and in a field besides, together. */
function groupsOf(field: Field, rows: LeaverRow[], more: More): Map<string, Sums> {
  const found = new Map<string, Sums>();
  for (const row of rows) {
    const columns = COLUMNS.map((column) => row[column]);
    for (const value of valuesIn(field, row, more)) {
      const key = keyOf(field === '' ? columns : [...columns, value]);
      const sums = found.get(key) ?? noSums();
      found.set(key, sums);
      addLeaver(sums, row);
    }
  }
  return found;
}

function byFieldAndValue(rows: LeaverRow[], more: More): Map<Field, Map<string, Sums>> {
  const found = new Map<Field, Map<string, Sums>>();
  for (const field of SUMMED) {
    const values = new Map<string, Sums>();
    for (const row of rows) {
      for (const value of valuesIn(field, row, more)) {
        const sums = values.get(value) ?? noSums();
        values.set(value, sums);
        addLeaver(sums, row);
      }
    }
    found.set(field, values);
  }
  return found;
}

function asRows(span: string, found: Map<Field, Map<string, Sums>>): store.SpanRow[] {
  return [...found].flatMap(([field, values]) =>
    [...values].map(([value, sums]) => ({ field, span, value, leavers: countIn(sums), ...written(sums) })),
  );
}

/** Adds up the days of a month, and forgets that they had changed. A month without leavers is summed up too. */
export async function buildMonth(storage: Storage, month: string, staleIds: string[]): Promise<void> {
  const days = daysOf({ from: `${month}-01`, to: `${month}-31` });
  const found = new Map<Field, Map<string, Sums>>();
  for (const field of SUMMED) {
    const values = new Map<string, Sums>();
    for (const row of await store.wholeSumsOf(storage.read, { field, spans: days })) {
      values.set(row.value, addSums(values.get(row.value) ?? noSums(), readBack(row)));
    }
    found.set(field, values);
    await nextTurn();
  }
  const groups: store.GroupRow[] = [];
  for (const field of [...GROUPED, RETURNED]) {
    groups.push(...asGroups(field, month, addedUp(field, await store.groupsOf(storage.read, field, days))));
    await nextTurn();
  }
  await storage.backgroundTransaction(async (tx) => {
    await store.replaceGroups(tx, [...GROUPED, RETURNED], [month], groups);
    const isSummed = { field: store.MONTHS, span: month, value: '', leavers: 0, sums: randomUUID(), strata: '' };
    await store.replaceSpans(tx, [...SUMMED, store.MONTHS], [month], [...asRows(month, found), isSummed]);
    await store.forgetStale(tx, staleIds);
  });
}

/** The groups of several days, those that are alike together. */
function addedUp(field: string, days: WrittenGroups[]): Map<string, Sums> {
  const found = new Map<string, Sums>();
  const by = [...COLUMNS, ...besides(field)];
  for (const day of days)
    for (const [key, sums] of sumsOfGroups(day, { among: {}, by, withStrata: false }))
      found.set(key, addSums(found.get(key) ?? noSums(), sums));
  return found;
}
