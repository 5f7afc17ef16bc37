import type { Db } from '../storage/index.ts';
import { FIELDS, NAMES, type LeaverFilter } from './covers-rules.ts';
import type { Drawn } from './estimate.ts';
import * as store from './estimate-store.ts';
import type { Period } from './rules.ts';
import type { Reading } from './sums/reading.ts';
import { monthOf, planOf, type Stamped } from './sums/spans.ts';

interface Month {
  stamp: string;
  mark: string;
  rows: store.DrawnLeaver[];
}

interface Deps {
  read: Db;
  programmeId(): Promise<string | undefined>;
  sums: Pick<Reading, 'summed'>;
}

/** What audits have drawn among those who left as a filter says. */
export type DrawnIn = (filter: LeaverFilter) => Promise<Drawn>;

/**
 * Who was drawn is kept by the month in which they left: whatever changes about them, the sums of their day have changed too,
 * and that day is read anew, as it is for the sums, until their month has another stamp. Drawing alone changes no sums: of
 * all that is drawn there is a mark.
 */
export function createDrawnIn({ read, programmeId, sums }: Deps): DrawnIn {
  const kept = new Map<string, Month>();

  /** The months of a period that are summed up, the missing ones read at once. */
  async function monthsOf(id: string, months: string[], stamps: Stamped['stamps']): Promise<store.DrawnLeaver[]> {
    const mark = await store.markOfDrawn(read, id);
    const stampOf = (month: string) => stamps.get(month) ?? '';
    const isKept = (month: string, found = kept.get(month)) => found?.mark === mark && found.stamp === stampOf(month);
    const missing = months.filter((month) => !isKept(month));
    const [first = '', last = first] = [missing[0], missing.at(-1)];
    const rows = first === '' ? [] : await store.drawnBetween(read, id, { from: `${first}-01`, to: `${last}-31` });
    const byMonth = Map.groupBy(rows, ({ left_on: day }) => monthOf(day));
    for (const month of missing) kept.set(month, { stamp: stampOf(month), mark, rows: byMonth.get(month) ?? [] });
    return months.flatMap((month) => kept.get(month)?.rows ?? []);
  }

  return async (filter) => {
    const id = await programmeId();
    if (id === undefined) return { audited: [], waiting: [] };
    const known = await sums.summed(filter);
    const { stretches } = planOf(filter, known);
    const months = monthsIn(filter, known);
    const isCounted = (day: string) => stretches.some((stretch) => isIn(stretch, day));
    const rows = months.length > 0 ? await monthsOf(id, months, known.stamps) : [];
    const found = rows.filter(({ left_on: day }) => isIn(filter, day) && !isCounted(day));
    for (const stretch of stretches)
      if (await store.hasLeft(read, stretch)) found.push(...(await store.drawnBetween(read, id, stretch)));
    return drawnOf(found.filter((row) => isMeant(filter, row)));
  };
}

/** In the order of their answers, whatever was kept. */
function drawnOf(rows: store.DrawnLeaver[]): Drawn {
  const inOrder = rows.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return {
    audited: inOrder.flatMap(({ audited }) => (audited ? [audited] : [])),
    waiting: inOrder.flatMap(({ waiting }) => (waiting ? [waiting] : [])),
  };
}

function monthsIn({ from, to }: Period, { months }: Stamped): string[] {
  return [...months].filter((month) => monthOf(from) <= month && month <= monthOf(to)).sort();
}

const isMeant = (filter: LeaverFilter, row: store.DrawnLeaver): boolean =>
  NAMES.every((name) => filter[name] === undefined || row[FIELDS[name]] === filter[name]);

const isIn = ({ from, to }: Period, day: string): boolean => from <= day && day <= to;
