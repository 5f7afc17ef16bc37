import { timestamp } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import type { Job } from '../../scheduler/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { SummaryDeps } from './deps.ts';
import { readMonth, type MonthFigures } from './figures.ts';
import { monthIn, monthsLater, toldAt } from './month.ts';
import * as store from './summary-store.ts';

/** A letter that could not be written in time is written so many days later at most. */
export const LATE_MINUTES = 7 * 24 * 60;

interface Telling {
  workOut(month: string, current: string): Promise<MonthFigures>;
  enqueue(tx: Tx, month: string, accountIds: string[]): Promise<void>;
}

/** Keeps each month once it is over, and writes the letters about it. */
export function createTelling(
  { storage, clock, accounts, leases }: Pick<SummaryDeps, 'storage' | 'clock' | 'accounts' | 'leases'>,
  { workOut, enqueue }: Telling,
): Job {
  const { read } = storage;
  /** The month that nothing more is to be done for. */
  let done = '';

  /** On the first working day after a month, or as soon as it can be later. */
  async function work(): Promise<void> {
    const company = await accounts.company();
    const current = monthIn(company.timeZone, clock.now());
    const last = monthsLater(current, -1);
    const due = toldAt(company, last);
    if (last === done || timestamp(clock) < due) return;
    if (!(await store.findKept(read, last))?.told_at) {
      const lease = await leases.take('monthly-summary');
      if (!lease) return;
      try {
        await keepAndTell(last, current, timestamp(clock) <= addMinutes(due, LATE_MINUTES));
      } finally {
        await lease.end();
      }
    }
    done = last;
  }

  async function keepAndTell(last: string, current: string, inTime: boolean): Promise<void> {
    if (!(await store.findKept(read, last))) {
      const content = JSON.stringify(await workOut(last, current));
      const row = { month: last, computed_at: timestamp(clock), content, told_at: null };
      await storage.transaction((tx) => store.keep(tx, row));
    }
    const kept = await store.findKept(read, last);
    const readers = inTime && kept && !isBlank(readMonth(kept.content)) ? await readersOf() : [];
    await storage.transaction(async (tx) => {
      // Whoever comes second finds it told.
      if (!(await store.markTold(tx, last, timestamp(clock)))) return;
      const queued_at = timestamp(clock);
      await store.insertLetters(
        tx,
        readers.map((account_id) => ({ month: last, account_id, queued_at })),
      );
      await enqueue(tx, last, readers);
    });
  }

  /** Managers and administrators who can sign in and have not said that they want none. */
  async function readersOf(): Promise<string[]> {
    const unwanted = await store.refusers(read);
    const people = await accounts.people.list();
    return people
      .filter(({ id, role, state }) => state === 'active' && role !== 'staff' && !unwanted.has(id))
      .map(({ id }) => id);
  }

  return work;
}

/** A business that has only begun is not told about a month in which there was nothing. */
function isBlank({ left, before, asked, cases, measures, risk }: MonthFigures): boolean {
  const bases = Object.values(measures).map(({ now }) => now.base);
  return [left.count, before.count, asked, cases.opened, cases.closed, risk?.customers ?? 0, ...bases].every(
    (count) => count === 0,
  );
}
