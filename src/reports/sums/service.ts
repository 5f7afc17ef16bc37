import type { Clock } from '../../shared/clock.ts';
import { addDays } from '../../shared/dates.ts';
import { newId } from '../../shared/ids.ts';
import type { Leases } from '../../scheduler/index.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { FIELDS, NAMES, type LeaverFilter } from '../covers-rules.ts';
import type { Period } from '../rules.ts';
import { buildDays, buildMonth, valuesIn, type Field } from './building.ts';
import { leaverRows, moreFields, type LeaverRow } from './leaver-rows-store.ts';
import * as store from './span-store.ts';
import { later, planOf } from './spans.ts';
import { addLeaver, addSums, noSums, type Sums } from './sums.ts';
import { readBack } from './written.ts';

const STALE_AT_ONCE = 50_000;
const MOST_TURNS = 20;
/** Nobody keeps records of who left before; what an import makes of a year 0001 is counted one by one. */
const EARLIEST = '1970-01';
const ALWAYS = { from: '0001-01-01', to: '9999-12-31' };

/** Leavers in sums: read from days and months that are summed up already, and leaver by leaver where something changed. */
export function createSums({ storage, clock }: { storage: Storage; clock: Clock }) {
  /** The sums of each period; with several fields in the filter leavers are counted one by one. */
  async function of(filter: Omit<LeaverFilter, keyof Period>, periods: Period[]): Promise<Sums[]> {
    const chosen = NAMES.filter((name) => filter[name] !== undefined);
    if (chosen.length > 1) return await counted(filter, periods);
    const [name] = chosen;
    const [field, value] = name ? [FIELDS[name], filter[name]] : ['', ''];
    const byValue = await ofField(field, periods, value);
    return byValue.map((each) => each.get(value ?? '') ?? noSums());
  }

  /** The sums of those in a filter, by their values in a field; with a filter beside the period they are counted one by one. */
  async function byValue(field: string, filter: LeaverFilter): Promise<Map<string, Sums>> {
    if (NAMES.every((name) => filter[name] === undefined)) return (await ofField(field, [filter]))[0] ?? new Map();
    const rows = await leaverRows(storage.read, filter);
    const more = await moreFor(field, rows);
    const found = new Map<string, Sums>();
    for (const row of rows)
      for (const value of valuesIn(field as Field, row, more)) {
        const sums = found.get(value) ?? noSums();
        found.set(value, sums);
        addLeaver(sums, row);
      }
    return found;
  }

  async function counted(filter: Omit<LeaverFilter, keyof Period>, periods: Period[]): Promise<Sums[]> {
    const rows = await leaverRows(storage.read, { ...filter, ...hullOf(periods) });
    return periods.map((period) => summed(rows.filter(({ leftOn }) => isIn(period, leftOn))));
  }

  /** By value of a field the sums of each period, of one value alone where that is given. */
  async function ofField(field: string, periods: Period[], value?: string): Promise<Map<string, Sums>[]> {
    const known = await store.summedIn(storage.read, hullOf(periods));
    const plans = periods.map((period) => planOf(period, known));
    const spans = [...new Set(plans.flatMap((plan) => plan.spans))];
    const rows = await store.sumsOf(storage.read, field, spans, value);
    const bySpan = Map.groupBy(
      rows.map(({ span, value, sums }) => ({ span, value, sums: readBack(sums) })),
      ({ span }) => span,
    );
    const leavers = await stretched(
      plans.flatMap((plan) => plan.stretches),
      field,
      value,
    );
    return plans.map(({ spans, stretches }) => {
      const found = new Map<string, Sums>();
      const sumsAt = (key: string) => found.get(key) ?? found.set(key, noSums()).get(key)!;
      for (const span of spans) for (const each of bySpan.get(span) ?? []) addSums(sumsAt(each.value), each.sums);
      for (const { row, values } of leavers)
        if (stretches.some((stretch) => isIn(stretch, row.leftOn)))
          for (const each of values) if (value === undefined || each === value) addLeaver(sumsAt(each), row);
      return found;
    });
  }

  /** The leavers of some stretches of time, each once, with their values in a field. */
  async function stretched(stretches: Period[], field: string, value: string | undefined) {
    const found: { row: LeaverRow; values: string[] }[] = [];
    for (const stretch of joined(stretches)) {
      const name = NAMES.find((each) => FIELDS[each] === field);
      const rows = await leaverRows(storage.read, {
        ...stretch,
        ...(name && value !== undefined && { [name]: value }),
      });
      const more = await moreFor(field, rows);
      for (const row of rows) found.push({ row, values: valuesIn(field as Field, row, more) });
    }
    return found;
  }

  async function moreFor(field: string, rows: LeaverRow[]) {
    const isTheirs = field === '' || NAMES.some((name) => FIELDS[name] === field);
    return isTheirs
      ? new Map<string, never>()
      : await moreFields(
          storage.read,
          rows.map(({ customerId }) => customerId),
        );
  }

  /** Has the days on which these customers left, now and before, summed up anew. To be called with what `daysLeft` said before. */
  async function note(tx: Tx, before: string[], now: string[]): Promise<void> {
    const days = [...new Set([...before, ...now])];
    await store.markStale(
      tx,
      days.map((day) => ({ id: newId(clock), day })),
    );
  }

  /** Months to sum up, each with the days in it that have changed; all of its days where none is named. */
  async function due() {
    const stale = await store.staleRows(storage.read, STALE_AT_ONCE);
    const { months } = await store.summedIn(storage.read, ALWAYS);
    const all = await store.firstAndLast(storage.read);
    const changed = Map.groupBy(stale, ({ day }) => day.slice(0, 7));
    const missing: string[] = [];
    for (let month = max(all?.from ?? '9999', EARLIEST); all && month <= all.to.slice(0, 7); month = later(month))
      if (!months.has(month)) missing.push(month);
    const isOlder = (month: string) => !months.has(month) && !missing.includes(month);
    return { months, changed, missing, forgotten: stale.filter(({ day }) => isOlder(day.slice(0, 7))) };
  }

  /** Sums up what is not, a day at a time, so that nobody waits for it. @returns how many days were summed up */
  async function bring(keep: () => Promise<boolean> = () => Promise.resolve(true)): Promise<number> {
    const { months, changed, missing, forgotten } = await due();
    let done = 0;
    for (const month of new Set([...missing, ...[...changed.keys()].filter((each) => months.has(each))])) {
      if (!(await keep())) return done;
      const rows = changed.get(month) ?? [];
      const days = months.has(month) ? [...new Set(rows.map(({ day }) => day))] : undefined;
      done += await buildDays(storage, month, days);
      await buildMonth(
        storage,
        month,
        rows.map(({ id }) => id),
      );
    }
    const ids = forgotten.map(({ id }) => id);
    if (ids.length > 0) await storage.transaction((tx) => store.forgetStale(tx, ids));
    return done;
  }

  /** The same until nothing is left that had changed when it began; what changes meanwhile waits for the next time. */
  async function bringAll(keep?: () => Promise<boolean>): Promise<number> {
    let days = 0;
    for (let turn = 0; turn < MOST_TURNS; turn++) {
      const done = await bring(keep);
      if (done === 0) break;
      days += done;
    }
    return days;
  }

  return {
    of,
    byValue,
    daysLeft: store.daysLeft,
    note,
    bring,
    /** All from nothing. */
    async rebuild(): Promise<number> {
      await storage.transaction((tx) => store.dropSpans(tx));
      return await bringAll();
    },
    /** The work of the background; one process at a time does it. */
    async work(leases: Leases): Promise<void> {
      const { changed, missing } = await due();
      if (changed.size + missing.length === 0) return;
      const lease = await leases.take('leaving sums');
      if (!lease) return;
      try {
        await bringAll(lease.keep);
      } finally {
        await lease.end();
      }
    },
  };
}

export type SumsService = ReturnType<typeof createSums>;

const max = (a: string, b: string): string => (a.slice(0, 7) > b ? a.slice(0, 7) : b);

const isIn = ({ from, to }: Period, day: string): boolean => from <= day && day <= to;

function hullOf(periods: Period[]): Period {
  const [from = '', to = ''] = [
    periods.map((each) => each.from).sort()[0],
    periods
      .map((each) => each.to)
      .sort()
      .at(-1),
  ];
  return { from, to };
}

/** Stretches that touch or overlap, as one. */
function joined(stretches: Period[]): Period[] {
  const found: Period[] = [];
  for (const each of stretches.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = found.at(-1);
    if (last && each.from <= addDays(last.to, 1)) last.to = last.to > each.to ? last.to : each.to;
    else found.push({ ...each });
  }
  return found;
}

function summed(rows: LeaverRow[]): Sums {
  const sums = noSums();
  for (const row of rows) addLeaver(sums, row);
  return sums;
}
