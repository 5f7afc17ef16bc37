import { z } from 'zod';
import { addDays } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Db } from '../../storage/index.ts';
import { fitOf, HORIZON_DAYS, outcomeOf, type Tally } from './calibration-rules.ts';
import type { RiskDeps } from './deps.ts';
import * as flags from './flag-store.ts';
import { UNFITTED, type Fit } from './rules.ts';
import { readState, writeState } from './risk-store.ts';
import { boughtAfter, leavingDays } from './sources-store.ts';

const SLICE = 50;
/** What lies further back was another business. */
const RECORD_DAYS = 3 * 365;

const fitSchema = z.object({ slope: z.number(), offset: z.number() });

/** What became of flags, and what that says about the points. */
export function createOutcomes({ storage }: Pick<RiskDeps, 'storage'>) {
  const { read } = storage;

  /** Holds the flags of these customers against what has happened since. */
  async function settle(ids: string[], today: string): Promise<void> {
    const theirs = await flags.flagsOf(read, ids);
    const [earliest] = theirs;
    if (!earliest) return;
    const left = await leavingDays(read, ids);
    const bought = Map.groupBy(await boughtAfter(read, ids, earliest.flagged_on), (row) => row.customer_id);
    const changed = theirs.flatMap((flag) => {
      const days = bought.get(flag.customer_id) ?? [];
      const boughtOn = days.find(({ purchased_on }) => purchased_on > flag.flagged_on)?.purchased_on ?? null;
      const now = outcomeOf(flag.flagged_on, { leftOn: left.get(flag.customer_id) ?? null, boughtOn }, today);
      return now.outcome === flag.outcome && now.decidedOn === flag.decided_on ? [] : [{ id: flag.id, ...now }];
    });
    if (changed.length === 0) return;
    await storage.backgroundTransaction(async (tx) => {
      for (const { id, outcome, decidedOn } of changed) await flags.decideFlag(tx, id, outcome, decidedOn);
    });
  }

  return {
    settle,
    /** Flags whose time is over: whoever neither left nor bought has been silent. */
    async settleOver(today: string): Promise<void> {
      const before = addDays(today, -HORIZON_DAYS);
      for (let more = true; more;) {
        const over = await flags.openBefore(read, before, SLICE);
        await settle([...new Set(over.map((row) => row.customer_id))], today);
        more = over.length === SLICE;
        await othersFirst();
      }
    },
    /** Learns from flags whose time is over. */
    async learn(today: string): Promise<void> {
      const period = { from: addDays(today, -RECORD_DAYS), to: addDays(today, -HORIZON_DAYS - 1) };
      const counts = await flags.countFlags(read, period);
      const byPoints = Map.groupBy(counts, ({ points }) => points);
      const tallies = [...byPoints].map(([points, rows]): Tally => {
        const sum = (of: typeof rows) => of.reduce((total, row) => total + row.flags, 0);
        return { points, flags: sum(rows), left: sum(rows.filter(({ outcome }) => outcome === 'left')) };
      });
      const fit = fitOf(tallies);
      await storage.backgroundTransaction((tx) => writeState(tx, 'fit', fit));
    },
    async fit(db: Db): Promise<Fit> {
      return fitSchema.catch(UNFITTED).parse(await readState(db, 'fit'));
    },
  };
}

export type Outcomes = ReturnType<typeof createOutcomes>;
