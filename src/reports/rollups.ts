import { timestamp } from '../shared/clock.ts';
import { addMinutes, dayIn } from '../shared/dates.ts';
import type { Tx } from '../storage/index.ts';
import type { InsightDeps } from './deps.ts';
import { findState, newestCustomer, saveState, type RollupState } from './rollup-store.ts';

/** What has been counted: written in one transaction, with something of its own to remember. */
export interface Counted {
  save(tx: Tx): Promise<void>;
  content: string;
}

export interface Rollup {
  /** Counts anew where it is due, and nobody else does it. */
  job(): Promise<void>;
  /** Counts anew, due or not. */
  refresh(): Promise<void>;
  /** Undefined before it was counted for the first time. */
  state(): Promise<RollupState | undefined>;
}

type RollupDeps = Pick<InsightDeps, 'storage' | 'clock' | 'leases' | 'customers' | 'accounts'>;

const OLD_MINUTES = 15;

/**
 * Figures that are counted in the background, a slice at a time, so that a page only reads them: each day, after customers
 * came or changed, and whenever they are a quarter of an hour old.
 * @param count undefined where it had to stop because another process has taken over
 */
export function createRollup(
  { storage, clock, leases, customers, accounts }: RollupDeps,
  part: string,
  count: (today: string, goesOn: () => Promise<boolean>) => Promise<Counted | undefined>,
): Rollup {
  let changed = false;
  customers.onChanged(() => {
    changed = true;
    return Promise.resolve();
  });
  const state = () => findState(storage.read, part);
  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());

  async function isDue(): Promise<boolean> {
    const known = await state();
    if (changed || !known || known.day !== (await today())) return true;
    if (addMinutes(known.computed_at, OLD_MINUTES) <= timestamp(clock)) return true;
    return known.newest !== (await newestCustomer(storage.read));
  }

  async function refresh(): Promise<void> {
    const lease = await leases.take(`report ${part}`);
    if (!lease) return;
    try {
      changed = false;
      const [day, newest, computed_at] = [await today(), await newestCustomer(storage.read), timestamp(clock)];
      const counted = await count(day, () => lease.keep());
      if (!counted) return;
      await storage.transaction(async (tx) => {
        await counted.save(tx);
        await saveState(tx, { part, day, computed_at, newest, content: counted.content });
      });
    } finally {
      await lease.end();
    }
  }

  return {
    async job() {
      if (await isDue()) await refresh();
    },
    refresh,
    state,
  };
}
