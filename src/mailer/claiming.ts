import type { Logger } from 'pino';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Storage, Tx } from '../storage/index.ts';
import type { Kinds } from './kinds.ts';
import type { Lease } from './lease.ts';
import { claimMails, dueMails, holdMails, somethingIsDue, type Claimed } from './store.ts';
import type { UnderWay } from './under-way.ts';

/** So many mails are claimed at once: enough to keep the pool busy, few enough to be looked at after a crash. */
const CHUNK = 20;
/** So many of those that are held back. */
const HELD_AT_ONCE = 200;

export interface ClaimingDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  kinds: Kinds;
  lease: Lease;
  /** What stands in `claimed_by` of the rows that this process has under way. */
  claimer: string;
  /** Whether nothing may leave for now: mails wait in the queue. */
  isPaused?(): Promise<boolean>;
}

interface Looking {
  /** The last look of the features at the mails that are due. */
  screen: Awaited<ReturnType<Kinds['screening']>>;
  now: string;
  limit: number;
  /** Filled with what is claimed, should the transaction come to nothing. */
  taken: Claimed[];
}

/** Claims the next mails that are due and not held back; none while sending is paused. */
export async function claim(deps: ClaimingDeps, underWay: UnderWay): Promise<Claimed[]> {
  const { storage, kinds } = deps;
  const now = timestamp(deps.clock);
  if (!(await somethingIsDue(storage.read, now)) || (await deps.isPaused?.())) return [];
  await deps.lease.hold();
  const screen = await kinds.screening();
  // Where everything in front is held back, what stands behind it is looked at, in larger steps.
  for (let limit = CHUNK; ; limit = HELD_AT_ONCE) {
    const taken: Claimed[] = [];
    const claiming = storage.transaction((tx) => claimSome(deps, tx, underWay, { screen, now, limit, taken }));
    const { claimed, held } = await claiming.catch((error: Error) => {
      underWay.forget(taken);
      throw error;
    });
    if (claimed.length > 0 || held === 0) return claimed;
  }
}

async function claimSome(deps: ClaimingDeps, tx: Tx, underWay: UnderWay, { screen, now, limit, taken }: Looking) {
  const { storage, kinds, claimer } = deps;
  const due = await dueMails(tx, storage.engine, now, limit);
  const held = await screen(tx, due);
  const withdrawn = held.size > 0 ? await holdMails(tx, held, now) : [];
  for (const [error, mails] of Map.groupBy(withdrawn, (mail) => mail.error))
    await kinds.announce(tx, mails, 'cancelled', error);
  const claimed = due.filter(({ id }) => !held.has(id)).slice(0, CHUNK);
  taken.push(...claimed);
  underWay.add(claimed);
  const ids = claimed.map(({ id }) => id);
  await claimMails(tx, claimer, now, ids);
  await kinds.announce(tx, claimed, 'sending', null);
  return { claimed, held: held.size };
}

/** None where they cannot be claimed: what is under way has to be written down whether or not there is more. */
export const claimOrNone = (deps: ClaimingDeps, underWay: UnderWay): Promise<Claimed[]> =>
  claim(deps, underWay).catch(({ name, message }: Error): Claimed[] => {
    deps.logger.error({ err: { name, message } }, 'the mail queue could not be claimed from');
    return [];
  });
