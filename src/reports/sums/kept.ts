import type { Db } from '../../storage/index.ts';
import { besides, COLUMNS, sumsOfGroups, type Fields } from './groups.ts';
import * as store from './span-store.ts';
import { monthOf, type Stamped } from './spans.ts';
import { addSums, noSums, type Sums } from './sums.ts';
import { readBack, type WrittenSums } from './written.ts';

/** The sums of a value, read back. */
export interface ReadSums {
  value: string;
  sums: Sums;
}

interface Wanted {
  field: string;
  spans: string[];
  /** All of the field's where none are named. */
  values?: string[] | undefined;
  /** Of leavers narrowed by these; of all where none are named. */
  among?: Fields | undefined;
  withStrata: boolean;
}

interface Entry {
  stamp: string;
  rows: ReadSums[];
  text: number;
}

/** So much text as it was read: where a million have answered, what a dozen filters need. */
const MOST_TEXT = 3_000_000;
/** One that is larger would drive the others out. */
const MOST_IN_ONE = MOST_TEXT / 20;
/** What an entry without sums takes, and one more cell. */
const LEAST_TEXT = 200;
const A_NUMBER = 30;

/** Sums of days and months are kept read back until their month is summed up anew: its stamp says so. */
export function createKept(db: Db) {
  /** Those used last stand last. */
  const kept = new Map<string, Entry>();
  let text = 0;

  function found(key: string, stamp: string): ReadSums[] | undefined {
    const entry = kept.get(key);
    if (entry?.stamp !== stamp) return undefined;
    kept.delete(key);
    kept.set(key, entry);
    return entry.rows;
  }

  function keep(key: string, entry: Entry): void {
    drop(key);
    if (entry.text > MOST_IN_ONE) return;
    kept.set(key, entry);
    text += entry.text;
    for (const oldest of kept.keys()) {
      if (text <= MOST_TEXT) break;
      drop(oldest);
    }
  }

  function drop(key: string): void {
    text -= kept.get(key)?.text ?? 0;
    kept.delete(key);
  }

  return {
    /** The sums of these spans, all of months that are summed up, by span. */
    async read(wanted: Wanted, stamps: Stamped['stamps']): Promise<Map<string, ReadSums[]>> {
      const { field, spans, values, among, withStrata } = wanted;
      const keyOf = (span: string) => JSON.stringify([field, span, withStrata, values, among]);
      const stampOf = (span: string) => stamps.get(monthOf(span)) ?? '';
      const all = new Map(spans.map((span) => [span, found(keyOf(span), stampOf(span))]));
      const missing = spans.filter((span) => !all.get(span));
      const made = await (among ? fromGroups : fromSums)(db, { ...wanted, spans: missing });
      for (const span of missing) {
        const own = made.get(span) ?? { rows: [], text: LEAST_TEXT };
        keep(keyOf(span), { stamp: stampOf(span), ...own });
        all.set(span, own.rows);
      }
      return new Map([...all].map(([span, own]) => [span, own ?? []]));
    },
  };
}

type Found = Map<string, Omit<Entry, 'stamp'>>;
type Written = Pick<WrittenSums, 'sums'> & Partial<WrittenSums> & { span: string; value: string };

async function fromSums(db: Db, { withStrata, ...wanted }: Wanted): Promise<Found> {
  const rows: Written[] = await (withStrata ? store.wholeSumsOf : store.sumsOf)(db, wanted);
  const read = (own: Written[]) => own.map((row) => ({ value: row.value, sums: readBack(row) }));
  const bySpan = Map.groupBy(rows, ({ span }) => span);
  return new Map(Array.from(bySpan, ([span, own]) => [span, { rows: read(own), text: sizeOf(own) }]));
}

const sizeOf = (rows: Written[]): number =>
  rows.reduce((total, { sums, strata = '' }) => total + sums.length + strata.length, LEAST_TEXT);

async function fromGroups(db: Db, { field, spans, among = {}, withStrata }: Wanted): Promise<Found> {
  const by = besides(field);
  const place = COLUMNS.some((column) => column === field) ? '' : field;
  const found: Found = new Map();
  for (const { span, ...groups } of await store.groupsOf(db, place, spans)) {
    const rows = Array.from(sumsOfGroups(groups, { among, by, withStrata }), ([value, sums]) => ({ value, sums }));
    found.set(span, { rows, text: rows.reduce((total, { sums }) => total + textOf(sums), LEAST_TEXT) });
  }
  return found;
}

/** About what it would take as text. */
const textOf = ({ cells, chances, strata }: Sums): number =>
  (cells.size + chances.size + [...strata.values()].reduce((total, { codes }) => total + codes.size, 0)) * A_NUMBER;

interface Together {
  parts: Sums[];
  total: Sums;
}

/** Totals by the first of what they add up; of the same first there are those of several periods. */
const totals = new WeakMap<Sums, Together[]>();
const MOST_OF_ONE = 3;

/** All of these added up; of the same ones it is the same, and nobody changes it. */
export function together(parts: Sums[]): Sums {
  const [first, ...more] = parts;
  if (!first) return noSums();
  if (more.length === 0) return first;
  const known = totals.get(first) ?? [];
  const same = known.find((each) => isSame(each.parts, parts));
  if (same) return same.total;
  const total = parts.reduce(addSums, noSums());
  totals.set(first, [{ parts, total }, ...known].slice(0, MOST_OF_ONE));
  return total;
}

/** The very same, one by one. */
export const isSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, i) => each === others[i]);
