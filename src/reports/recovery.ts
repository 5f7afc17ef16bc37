import type { Clock } from '../shared/clock.ts';
import { addDays, dayIn } from '../shared/dates.ts';
import { wilson, type Share } from '../shared/statistics.ts';
import { momentAt } from '../shared/zones.ts';
import type { Storage } from '../storage/index.ts';
import { countClosed, type ClosedCounts } from './recovery-store.ts';
import { periodOf, type Period } from './rules.ts';

interface RecoveryReport extends ClosedCounts {
  period: Period;
  /** Confirmed by the customer / closed; null where none was closed. */
  rate: Share | null;
}

interface Deps {
  storage: Storage;
  clock: Clock;
  company(): Promise<{ timeZone: string }>;
}

/** How many complaints and returns were closed, and of how many the customer said that it is settled. Days of the business. */
export function createRecoveryReport({ storage, clock, company }: Deps) {
  return async (query: Partial<Period>): Promise<RecoveryReport> => {
    const { timeZone } = await company();
    const period = periodOf(query.from || query.to ? 'custom' : '12m', dayIn(timeZone, clock.now()), query);
    const startOf = (day: string) => momentAt(timeZone, { day, minutes: 0 });
    const counts = await countClosed(storage.read, startOf(period.from), startOf(addDays(period.to, 1)));
    return { period, ...counts, rate: counts.closed === 0 ? null : wilson(counts.settled, counts.closed) };
  };
}
