import type { Logger } from 'pino';
import { timestamp, type Clock } from '../shared/clock.ts';
import type { Storage, Tx } from '../storage/index.ts';
import { captureAll, deliverAll, isServerTrouble, type Composed, type Settled } from './deliver.ts';
import type { Kinds } from './kinds.ts';
import type { Lease } from './lease.ts';
import type { Pass } from './loop.ts';
import type { MailSettings } from './message.ts';
import { pauseAfter } from './rules.ts';
import { settle, type SettleContext } from './settle.ts';
import {
  abandonClaims,
  abandonMails,
  claimedBy,
  claimMails,
  deleteExpiredLeases,
  dueMails,
  holdMails,
  isAnythingSending,
  somethingIsDue,
  type Claimed,
} from './store.ts';
import { POOL_SIZE, type Transport } from './transport.ts';

/** So many mails are claimed at once: enough to keep the pool busy, few enough to be looked at after a crash. */
const CHUNK = 20;
/** So many of those that are held back. */
const HELD_AT_ONCE = 200;
/** Twice the connections: each finds its next message waiting. */
const AT_A_TIME = 2 * POOL_SIZE;

export interface SenderDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  kinds: Kinds;
  lease: Lease;
  /** What stands in `claimed_by` of the rows that this process has under way. */
  claimer: string;
  mailSettings(): Promise<MailSettings | null>;
  /** Whether nothing may leave for now: mails wait in the queue. */
  isPaused?(): Promise<boolean>;
  fallbackFrom(): Promise<string>;
  transportFor(settings: MailSettings): Promise<Transport>;
  /** Of these addresses, those to which nothing may be sent. */
  suppressed?(addresses: string[]): Promise<Set<string>>;
  /** Hears of each mail that a receiving server refused for good. */
  refused?: SettleContext['refused'];
  returnPath?(mailId: string, recipient: string): string | undefined;
}

interface Claiming {
  screen: Awaited<ReturnType<Kinds['screening']>>;
  now: string;
  limit: number;
  /** Filled with what is claimed, should the transaction come to nothing. */
  taken: Claimed[];
}

export interface Sender {
  /** Composes what has been claimed, hands it over, writes what became of it, and claims the next. */
  pass(claimed: Claimed[], shouldStop: () => boolean): Promise<Pass>;
  /**
   * Marks as unknown what dead processes had under way, and what this one has lost sight of; `everyone`: nobody else can
   * be alive.
   */
  recover(everyone: boolean): Promise<void>;
}

export function createSender(deps: SenderDeps): Sender {
  const { storage, clock, logger, kinds, claimer } = deps;
  let troubles = 0;
  /** What this process has claimed and knows about; whatever else bears its name it has lost sight of. */
  const underWay = new Map<string, Claimed>();
  /** What became of messages, where it could not be written down yet. */
  const late: Settled[][] = [];

  const claim = async (): Promise<Claimed[]> => {
    const now = timestamp(clock);
    if (!(await somethingIsDue(storage.read, now)) || (await deps.isPaused?.())) return [];
    await deps.lease.hold();
    const screen = await kinds.screening();
    // Where everything in front is held back, what stands behind it is looked at, in larger steps.
    for (let limit = CHUNK; ; limit = HELD_AT_ONCE) {
      const taken: Claimed[] = [];
      const claiming = storage.transaction((tx) => claimSome(tx, { screen, now, limit, taken }));
      const { claimed, held } = await claiming.catch((error: Error) => {
        forget(taken);
        throw error;
      });
      if (claimed.length > 0 || held === 0) return claimed;
    }
  };

  const claimSome = async (tx: Tx, { screen, now, limit, taken }: Claiming) => {
    const due = await dueMails(tx, storage.engine, now, limit);
    const held = await screen(tx, due);
    const withdrawn = held.size > 0 ? await holdMails(tx, held, now) : [];
    for (const [error, mails] of Map.groupBy(withdrawn, (mail) => mail.error))
      await kinds.announce(tx, mails, 'cancelled', error);
    const claimed = due.filter(({ id }) => !held.has(id)).slice(0, CHUNK);
    taken.push(...claimed);
    for (const mail of claimed) underWay.set(mail.id, mail);
    await claimMails(
      tx,
      claimer,
      now,
      claimed.map(({ id }) => id),
    );
    await kinds.announce(tx, claimed, 'sending', null);
    return { claimed, held: held.size };
  };

  /** What is under way has to be written down whether or not there is more to claim. */
  const claimOrNot = () =>
    claim().catch(({ name, message }: Error): Claimed[] => {
      logger.error({ err: { name, message } }, 'the mail queue could not be claimed from');
      return [];
    });

  const handOver = async (composed: Composed[], settings: MailSettings | null, shouldStop: () => boolean) => {
    if (settings === null) return captureAll(composed);
    if (composed.length === 0) return [];
    const { deliver, pace } = await deps.transportFor(settings);
    return await deliverAll(composed, { deliver, pace, shouldStop, lanes: AT_A_TIME, returnPath: deps.returnPath });
  };

  /** By address, whoever the mail is for, as the last thing before it is handed over. */
  const withoutSuppressed = async (composed: Composed[], settled: Settled[]): Promise<Composed[]> => {
    const addresses = composed.filter(({ mail }) => !isOwed(mail)).map(({ message }) => message.to.address);
    const suppressed = addresses.length > 0 && deps.suppressed ? await deps.suppressed(addresses) : new Set<string>();
    if (suppressed.size === 0) return composed;
    const isHeld = ({ mail, message }: Composed) => !isOwed(mail) && suppressed.has(message.to.address);
    for (const { mail } of composed.filter(isHeld))
      settled.push({ mail, outcome: { state: 'cancelled', error: 'suppressed' } });
    return composed.filter((each) => !isHeld(each));
  };

  const handleAll = async (claimed: Claimed[], settings: MailSettings | null, shouldStop: () => boolean) => {
    const { composed, settled } = await kinds.compose(claimed);
    const allowed = await withoutSuppressed(composed, settled);
    settled.push(...(await handOver(allowed, settings, shouldStop)));
    return settled;
  };

  const writeOnce = async (settled: Settled[], from: string) => {
    const context = { claimer, clock, from, announce: kinds.announce, refused: deps.refused };
    await storage.transaction((tx) => settle(tx, settled, context));
    forget(settled.map(({ mail }) => mail));
  };
  const notYet = ({ name, message }: Error) =>
    logger.error({ err: { name, message } }, 'mail results could not be written yet');

  /** What cannot be written in a while is kept: the disk may have room, or the database be back, later on. */
  const write = async (settled: Settled[], from: string) => {
    try {
      await untilWritten(() => writeOnce(settled, from), notYet);
    } catch {
      late.push(settled);
    }
  };

  const writeLate = async (from: string) => {
    for (const settled of late.splice(0)) {
      await writeOnce(settled, from).catch((error: Error) => {
        notYet(error);
        late.push(settled);
      });
    }
  };

  const forget = (mails: Claimed[]) => {
    // What has been put back may have been claimed anew already.
    for (const mail of mails) if (underWay.get(mail.id) === mail) underWay.delete(mail.id);
  };

  return {
    async pass(carried, shouldStop) {
      const settings = await deps.mailSettings();
      const from = settings?.from ?? (await deps.fallbackFrom());
      await writeLate(from);
      const claimed = carried.length > 0 || shouldStop() ? carried : await claim();
      if (claimed.length === 0) return NOTHING;
      const settled = await handleAll(claimed, settings, shouldStop).catch((error: Error) => {
        forget(claimed);
        throw error;
      });
      const inTrouble = settled.some(({ outcome }) => isServerTrouble(outcome));
      troubles = inTrouble ? troubles + 1 : 0;
      if (inTrouble) logger.warn({ troubles, code: troubleOf(settled) }, 'the mail server is in trouble');
      // Asked for in the same turn, the two share a commit on SQLite.
      const [next] = await Promise.all([inTrouble || shouldStop() ? [] : claimOrNot(), write(settled, from)]);
      return { ...counts(settled), pause: pauseAfter(troubles), next };
    },

    async recover(everyone) {
      const now = timestamp(clock);
      const forgotten = (await claimedBy(storage.read, claimer)).filter(({ id }) => !underWay.has(id));
      if (forgotten.length === 0 && !(await isAnythingSending(storage.read, claimer))) return;
      await storage.transaction(async (tx) => {
        const others = await abandonMails(tx, { mine: claimer, now, livingAlso: everyone });
        const lost = [...others, ...(await abandonClaims(tx, forgotten, now))];
        await kinds.announce(tx, lost, 'unknown', 'interrupted');
        await deleteExpiredLeases(tx, now);
        if (lost.length > 0) logger.warn({ count: lost.length }, 'mails under way when a process died are now unknown');
      });
    },
  };
}

function troubleOf(settled: Settled[]): string {
  const outcome = settled.map((each) => each.outcome).find(isServerTrouble);
  return outcome && 'error' in outcome ? outcome.error : '';
}

/** A colleague has just asked for it: a link to sign in with again must arrive. */
const isOwed = ({ kind }: Claimed) => kind.startsWith('account');

const NOTHING: Pass = { sent: 0, failed: 0, pause: 0, next: [] };

function counts(settled: Settled[]): { sent: number; failed: number } {
  const count = (state: string) => settled.filter(({ outcome }) => outcome.state === state).length;
  return { sent: count('sent'), failed: count('failed') + count('unknown') };
}

const TRIES_TO_WRITE = 8;

/** The messages have gone out, so what became of them is worth some patience with a busy or full disk. */
async function untilWritten(write: () => Promise<void>, onError: (error: Error) => void): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await write();
    } catch (error) {
      onError(error as Error);
      if (tries === TRIES_TO_WRITE) throw error;
      await new Promise((resume) => setTimeout(resume, 50 * 2 ** tries));
    }
  }
}
