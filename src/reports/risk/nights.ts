import { z } from 'zod';
import { underLease } from '../../scheduler/index.ts';
import { othersFirst } from '../../shared/others-first.ts';
import { SLICE, type Computing } from './computing.ts';
import type { RiskDeps } from './deps.ts';
import type { Keep, LookingBack } from './looking-back.ts';
import type { Outcomes } from './outcomes.ts';
import { createTally, type GapTally } from './rhythm-rules.ts';
import * as store from './risk-store.ts';
import { nextCustomers } from './sources-store.ts';

/** So many slices a turn; the next turn, half a minute later, goes on. Nobody who stops the server waits for all. */
const SLICES_A_TURN = 200;
/** How far the night is, is written down so often: a slice that is done twice does no harm, a commit for each does. */
const SLICES_A_MARK = 20;

const nightSchema = z.object({ day: z.string(), upto: z.string(), done: z.boolean() });
type Night = z.infer<typeof nightSchema>;

type Deps = Pick<RiskDeps, 'storage' | 'leases'> & {
  computing: Computing;
  outcomes: Outcomes;
  lookingBack: LookingBack;
};

/** Looks at every customer once a night (of the company's zone), at those with news within a minute, and at the past. */
export function createNights({ storage, leases, computing, outcomes, lookingBack }: Deps) {
  const { read } = storage;
  /** Gaps of this night so far; of use only where this process began it. */
  let tally: GapTally | undefined;

  const nightNow = async (): Promise<Night> =>
    nightSchema.parse((await store.readState(read, 'night')) ?? store.NO_NIGHT);

  async function isDue(): Promise<boolean> {
    const { day, done } = await nightNow();
    if (day !== (await computing.today()) || !done) return true;
    return !(await store.isQueueEmpty(read)) || (await lookingBack.isDue());
  }

  /** Each part gives true where it is finished. */
  async function emptyQueue(keep: Keep): Promise<boolean> {
    if (await store.isQueueEmpty(read)) return true;
    const look = await computing.lookOf();
    while (await keep()) if ((await computing.refreshQueued(look)) < SLICE) return true;
    return false;
  }

  async function passNight(keep: Keep): Promise<boolean> {
    const look = await computing.lookOf();
    let night = await nightNow();
    if (night.day === look.day && night.done) return true;
    if (night.day !== look.day) {
      night = { day: look.day, upto: '', done: false };
      tally = createTally();
    }
    const mark = () => storage.backgroundTransaction((tx) => store.writeState(tx, 'night', night));
    for (let more = true, slice = 1; more; slice++) {
      if (!(await keep())) {
        await mark();
        return false;
      }
      const ids = await nextCustomers(read, night.upto, SLICE);
      if (ids.length > 0) await computing.refresh(ids, { ...look, ...(tally && { tally }) });
      more = ids.length === SLICE;
      night = { ...night, upto: ids.at(-1) ?? night.upto };
      if (more && slice % SLICES_A_MARK === 0) await mark();
    }
    await endNight(night);
    return true;
  }

  async function endNight(night: Night): Promise<void> {
    await outcomes.settleOver(night.day);
    await outcomes.learn(night.day);
    const found = tally?.result();
    tally = undefined;
    await storage.backgroundTransaction(async (tx) => {
      if (found && found.size > 0) await store.saveRhythms(tx, found);
      await store.writeState(tx, 'night', { ...night, done: true });
    });
  }

  return async function work(): Promise<void> {
    if (!(await isDue())) return;
    await underLease(leases, 'risk', async (lease) => {
      let left = SLICES_A_TURN;
      const keep = async () => {
        await othersFirst();
        return left-- > 0 && (await lease.keep());
      };
      if (!(await emptyQueue(keep))) return;
      if ((await lookingBack.isDue()) && !(await lookingBack.work(keep))) return;
      await passNight(keep);
    });
  };
}
