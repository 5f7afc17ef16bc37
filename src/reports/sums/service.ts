import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Leases } from '../../scheduler/index.ts';
import type { Storage, Tx } from '../../storage/index.ts';
import { buildDays, buildMonth } from './building.ts';
import { createReading } from './reading.ts';
import * as store from './span-store.ts';
import { nextMonth } from './spans.ts';

const STALE_AT_ONCE = 50_000;
const MOST_TURNS = 20;
/** Nobody keeps records of who left before; what an import makes of a year 0001 is counted one by one. */
const EARLIEST = '1970-01';
const ALWAYS = { from: '0001-01-01', to: '9999-12-31' };

interface Deps {
  storage: Storage;
  clock: Clock;
  company(): Promise<{ currency: string }>;
}

/** Leavers in sums: read from days and months that are summed up already, and leaver by leaver where something changed. */
export function createSums({ storage, clock, company }: Deps) {
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
    for (let month = max(all?.from ?? '9999', EARLIEST); all && month <= all.to.slice(0, 7); month = nextMonth(month))
      if (!months.has(month)) missing.push(month);
    const isOlder = (month: string) => !months.has(month) && !missing.includes(month);
    return { months, changed, missing, forgotten: stale.filter(({ day }) => isOlder(day.slice(0, 7))) };
  }

  /** Sums up what is not, a day at a time, so that nobody waits for it. @returns how many days were summed up */
  async function bring(keep: () => Promise<boolean> = () => Promise.resolve(true)): Promise<number> {
    const { months, changed, missing, forgotten } = await due();
    const { currency } = await company();
    let done = 0;
    for (const month of new Set([...missing, ...[...changed.keys()].filter((each) => months.has(each))])) {
      if (!(await keep())) return done;
      const rows = changed.get(month) ?? [];
      const days = months.has(month) ? [...new Set(rows.map(({ day }) => day))] : undefined;
      done += await buildDays(storage, currency, month, days);
      await buildMonth(
        storage,
        month,
        rows.map(({ id }) => id),
      );
    }
    const ids = forgotten.map(({ id }) => id);
    if (ids.length > 0) await storage.backgroundTransaction((tx) => store.forgetStale(tx, ids));
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
    ...createReading(storage.read),
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
