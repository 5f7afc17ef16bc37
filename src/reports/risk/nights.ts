import { setImmediate as nextTurn } from 'node:timers/promises';
import { z } from 'zod';
import { addDays } from '../../shared/dates.ts';
import { HORIZON_DAYS } from './calibration-rules.ts';
import { SLICE, type Computing } from './computing.ts';
import type { RiskDeps } from './deps.ts';
import { addFlags, dropLookedBack } from './flag-store.ts';
import type { Outcomes } from './outcomes.ts';
import { createTally, type GapTally } from './rhythm-rules.ts';
import { judge, scoreOf, UNFITTED } from './rules.ts';
import type { SignsOf } from './signs.ts';
import * as store from './risk-store.ts';
import { boughtBefore, nextCustomers } from './sources-store.ts';

/** So many slices a turn; the next turn, half a minute later, goes on. Nobody who stops the server waits for all. */
const SLICES_A_TURN = 40;

const nightSchema = z.object({ day: z.string(), upto: z.string(), done: z.boolean() });
type Night = z.infer<typeof nightSchema>;
/** `sure`: it was done a second time, a night later, when whatever was imported on the first day was complete. */
const backSchema = nightSchema.extend({ sure: z.boolean().default(false) });
type Back = z.infer<typeof backSchema>;
const NEVER: Night = { day: '', upto: '', done: false };

/** Days before today whose half year is over: what would have been said on them can be held against what happened. */
const BACK_DAYS = [200, 290, 380].map((days) => Math.max(days, HORIZON_DAYS + 1));

type Deps = Pick<RiskDeps, 'storage' | 'leases'> & { computing: Computing; outcomes: Outcomes; signsOf: SignsOf };

/** Looks at every customer once a night (of the company's zone), at those with news within a minute, and once at the past. */
export function createNights({ storage, leases, computing, outcomes, signsOf }: Deps) {
  const { read } = storage;
  /** Gaps of this night so far; of use only where this process began it. */
  let tally: GapTally | undefined;

  const night = async () => nightSchema.parse((await store.readState(read, 'night')) ?? NEVER);
  const back = async (): Promise<Back> => backSchema.parse((await store.readState(read, 'back')) ?? NEVER);
  const save = (key: string, state: Night) => storage.transaction((tx) => store.writeState(tx, key, state));

  async function isDue(): Promise<boolean> {
    const { day, done } = await night();
    if (day !== (await computing.today()) || !done || !(await store.isQueueEmpty(read))) return true;
    return await mayLookBack();
  }

  /** Once, and once more on a later day: the first time may have come in the midst of an import. */
  async function mayLookBack(): Promise<boolean> {
    const today = await computing.today();
    const { done, sure, day } = await back();
    if (done && (sure || day === today)) return false;
    return await boughtBefore(read, addDays(today, -Math.max(...BACK_DAYS)));
  }

  async function work(): Promise<void> {
    if (!(await isDue())) return;
    const lease = await leases.take('risk');
    if (!lease) return;
    let left = SLICES_A_TURN;
    const keep = async () => {
      await nextTurn();
      return left-- > 0 && (await lease.keep());
    };
    try {
      if (!(await emptyQueue(keep))) return;
      if ((await mayLookBack()) && !(await lookBack(keep))) return;
      await passNight(keep);
    } finally {
      await lease.end();
    }
  }

  /** Each gives true where it is finished. */
  async function emptyQueue(keep: () => Promise<boolean>): Promise<boolean> {
    if (await store.isQueueEmpty(read)) return true;
    const look = await computing.lookOf();
    while (await keep()) if ((await computing.refreshQueued(look)) < SLICE) return true;
    return false;
  }

  async function passNight(keep: () => Promise<boolean>): Promise<void> {
    const look = await computing.lookOf();
    let state = await night();
    if (state.day === look.day && state.done) return;
    if (state.day !== look.day) {
      state = { day: look.day, upto: '', done: false };
      tally = createTally();
    }
    for (let more = true; more;) {
      if (!(await keep())) return;
      const ids = await nextCustomers(read, state.upto, SLICE);
      if (ids.length > 0) await computing.refresh(ids, { ...look, ...(tally && { tally }) });
      more = ids.length === SLICE;
      state = { ...state, upto: ids.at(-1) ?? state.upto };
      if (more) await save('night', state);
    }
    await outcomes.settleOver(look.day, () => Promise.resolve(true));
    await outcomes.learn(look.day);
    const found = tally?.result();
    tally = undefined;
    await storage.transaction(async (tx) => {
      if (found && found.size > 0) await store.saveRhythms(tx, found);
      await store.writeState(tx, 'night', { ...state, done: true });
    });
  }

  /** What would have been flagged on days of the past, from what was dated up to then. */
  async function lookBack(keep: () => Promise<boolean>): Promise<boolean> {
    const look = await computing.lookOf();
    let state = await back();
    if (state.day === '' || state.done) state = await beginBack(look.day, state.done);
    const days = BACK_DAYS.map((ago) => addDays(state.day, -ago)).sort();
    for (let more = true; more;) {
      if (!(await keep())) return false;
      const ids = await nextCustomers(read, state.upto, SLICE);
      const flags = await flagsOn(days, ids, look);
      more = ids.length === SLICE;
      state = { ...state, upto: ids.at(-1) ?? state.upto };
      await storage.transaction(async (tx) => {
        await addFlags(tx, flags);
        await store.writeState(tx, 'back', state);
      });
      await outcomes.settle([...new Set(flags.map((each) => each.customer_id))], look.day);
    }
    await outcomes.learn(look.day);
    await storage.transaction(async (tx) => {
      await store.writeState(tx, 'back', { ...state, done: true });
      // What the past says about the points holds from now on.
      await store.writeState(tx, 'night', NEVER);
    });
    return true;
  }

  async function beginBack(day: string, sure: boolean): Promise<Back> {
    const state = { day, upto: '', done: false, sure };
    await storage.transaction(async (tx) => {
      await dropLookedBack(tx);
      await store.writeState(tx, 'back', state);
    });
    return state;
  }

  async function flagsOn(days: string[], ids: string[], look: Awaited<ReturnType<Computing['lookOf']>>) {
    if (ids.length === 0) return [];
    let before = new Set<string>();
    const flags = [];
    for (const day of days) {
      const asOf = { day, moment: `${day}T23:59:59.999Z` };
      const known = await signsOf(read, ids, { asOf, segments: look.segments, withAlive: false });
      const judged = [...known].map(([id, { signs }]) => ({ id, ...judge(signs, look.factor) }));
      const flagged = judged.filter((each) => each.flagged);
      for (const { id, points } of flagged) {
        const said = { points, score: scoreOf(points, UNFITTED), first: before.has(id) ? (0 as const) : (1 as const) };
        flags.push(computing.newFlag({ customerId: id, day, ...said, lookedBack: 1 }));
      }
      before = new Set(flagged.map(({ id }) => id));
    }
    return flags;
  }

  return {
    work,
    /** The next turn works the past out anew, from all that has been imported since. */
    async lookBackAgain(): Promise<void> {
      await storage.transaction((tx) => store.writeState(tx, 'back', NEVER));
    },
  };
}

export type Nights = ReturnType<typeof createNights>;
