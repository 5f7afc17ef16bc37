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
/** Counting takes at most so much of the time: whatever took three seconds rests for two and a half minutes. */
const MOST_OF_THE_TIME = 0.02;

/** How long to rest after counting for so many milliseconds. */
const restAfter = (tookMs: number): number => Math.max(0, tookMs) * (1 / MOST_OF_THE_TIME - 1);

/**
 * Figures that are counted in the background, a slice at a time, so that a page only reads them: each day, after customers
 * came or changed, and whenever they are a quarter of an hour old; the longer it takes, the less often.
 * @param count undefined where it had to stop because another process has taken over
 */
export function createRollup(
  { storage, clock, leases, customers, accounts }: RollupDeps,
  part: string,
  count: (today: string, goesOn: () => Promise<boolean>) => Promise<Counted | undefined>,
): Rollup {
  let changed = false;
  /** Milliseconds since 1970. */
  let restsUntil = 0;
  customers.onChanged(() => {
    changed = true;
    return Promise.resolve();
  });
  const state = () => findState(storage.read, part);
  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());

  async function isDue(): Promise<boolean> {
    const known = await state();
    if (!known || known.day !== (await today())) return true;
    if (clock.now().getTime() < restsUntil) return false;
    if (changed) return true;
    if (addMinutes(known.computed_at, OLD_MINUTES) <= timestamp(clock)) return true;
    return known.newest !== (await newestCustomer(storage.read));
  }

  async function refresh(): Promise<void> {
    const lease = await leases.take(`report ${part}`);
    if (!lease) return;
    const began = clock.now().getTime();
    try {
      changed = false;
      const day = await today();
      const newest = await newestCustomer(storage.read);
      const computed_at = timestamp(clock);
      const counted = await count(day, () => lease.keep());
      if (!counted) return;
      await storage.transaction(async (tx) => {
        await counted.save(tx);
        await saveState(tx, { part, day, computed_at, newest, content: counted.content });
      });
    } finally {
      const ended = clock.now().getTime();
      restsUntil = ended + restAfter(ended - began);
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
