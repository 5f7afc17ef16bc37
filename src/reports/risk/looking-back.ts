import { z } from 'zod';
import { addDays } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import { HORIZON_DAYS } from './calibration-rules.ts';
import { SLICE, type Computing, type Look } from './computing.ts';
import type { RiskDeps } from './deps.ts';
import { newFlag } from './flag.ts';
import { addFlags, dropLookedBack, type FlagRow } from './flag-store.ts';
import type { Outcomes } from './outcomes.ts';
import { judge, scoreOf, UNFITTED } from './rules.ts';
import type { SignsOf } from './signs.ts';
import * as store from './risk-store.ts';
import { boughtBefore, nextCustomers } from './sources-store.ts';

/** Called between slices. False: stop here, the next turn goes on. */
export type Keep = () => Promise<boolean>;

/** Days before today whose half year is over: what would have been said on them can be held against what happened. */
const BACK_DAYS = [200, 290, 380].map((days) => Math.max(days, HORIZON_DAYS + 1));

const stateSchema = z.object({
  day: z.string(),
  upto: z.string(),
  done: z.boolean(),
  /** It was done a second time, a night later, when whatever was imported on the first day was complete. */
  sure: z.boolean().default(false),
});
type State = z.infer<typeof stateSchema>;
const NEVER: State = { day: '', upto: '', done: false, sure: false };

type Deps = Pick<RiskDeps, 'storage' | 'clock'> & { computing: Computing; outcomes: Outcomes; signsOf: SignsOf };

/** What would have been flagged on days of the past, from what was dated up to then, so that there is a record from the first day on. */
export function createLookingBack({ storage, clock, computing, outcomes, signsOf }: Deps) {
  const { read } = storage;
  const stateNow = async (): Promise<State> => stateSchema.parse((await store.readState(read, 'back')) ?? NEVER);

  async function begin(day: string, sure: boolean): Promise<State> {
    const state = { day, upto: '', done: false, sure };
    await storage.backgroundTransaction(async (tx) => {
      await dropLookedBack(tx);
      await store.writeState(tx, 'back', state);
    });
    return state;
  }

  async function flagsOn(day: string, ids: string[], before: ReadonlySet<string>, look: Look): Promise<FlagRow[]> {
    const asOf = { day, moment: `${day}T23:59:59.999Z` };
    const known = await signsOf(read, ids, { asOf, segments: look.segments, withAlive: false });
    return [...known].flatMap(([customerId, { signs }]) => {
      const { flagged, points } = judge(signs, look.factor);
      if (!flagged) return [];
      const first = before.has(customerId) ? 0 : 1;
      return newFlag(clock, { customerId, day, points, score: scoreOf(points, UNFITTED), first, lookedBack: 1 });
    });
  }

  async function flagsOf(days: string[], ids: string[], look: Look): Promise<FlagRow[]> {
    let before: FlagRow[] = [];
    const all: FlagRow[] = [];
    for (const day of ids.length > 0 ? days : []) {
      before = await flagsOn(day, ids, new Set(before.map((flag) => flag.customer_id)), look);
      all.push(...before);
      await othersFirst();
    }
    return all;
  }

  async function finish(state: State): Promise<void> {
    await outcomes.learn(state.day);
    await storage.backgroundTransaction(async (tx) => {
      await store.writeState(tx, 'back', { ...state, done: true });
      // What the past says about the points holds from now on.
      await store.writeState(tx, 'night', store.NO_NIGHT);
    });
  }

  return {
    /** Once, and once more on a later day: the first time may have come in the midst of an import. */
    async isDue(): Promise<boolean> {
      const today = await computing.today();
      const { done, sure, day } = await stateNow();
      if (done && (sure || day === today)) return false;
      return await boughtBefore(read, addDays(today, -Math.max(...BACK_DAYS)));
    },
    /** @returns whether it is finished */
    async work(keep: Keep): Promise<boolean> {
      const look = await computing.lookOf();
      let state = await stateNow();
      if (state.day === '' || state.done) state = await begin(look.day, state.done);
      const days = BACK_DAYS.map((ago) => addDays(state.day, -ago)).sort();
      for (let more = true; more;) {
        if (!(await keep())) return false;
        const ids = await nextCustomers(read, state.upto, SLICE);
        const flags = await flagsOf(days, ids, look);
        more = ids.length === SLICE;
        state = { ...state, upto: ids.at(-1) ?? state.upto };
        await storage.backgroundTransaction(async (tx) => {
          await addFlags(tx, flags);
          await store.writeState(tx, 'back', state);
        });
        await outcomes.settle([...new Set(flags.map((each) => each.customer_id))], look.day);
      }
      await finish(state);
      return true;
    },
    /** The next turn works the past out anew, from all that has been imported since. */
    again: (): Promise<void> => storage.transaction((tx) => store.writeState(tx, 'back', NEVER)),
  };
}

export type LookingBack = ReturnType<typeof createLookingBack>;
