import { timestamp } from '../shared/clock.ts';
import { claim, claimOrNone, type ClaimingDeps } from './claiming.ts';
import { isServerTrouble, type Settled } from './deliver.ts';
import { composeAndDeliver, type HandingOverDeps } from './handing-over.ts';
import { deleteExpiredLeases } from './lease-store.ts';
import type { Pass } from './loop.ts';
import { abandonClaims, abandonMails, claimedBy, isAnythingSending } from './lost-store.ts';
import type { MailSettings } from './message.ts';
import { createResults, type ResultsDeps } from './results.ts';
import { pauseAfter } from './rules.ts';
import type { Claimed } from './store.ts';
import { createUnderWay, type UnderWay } from './under-way.ts';

interface SenderDeps extends ClaimingDeps, HandingOverDeps, ResultsDeps {
  /** Null where there is no mail server. */
  mailSettings(): Promise<MailSettings | null>;
  /** The sender's address where there is no mail server. */
  fallbackFrom(): Promise<string>;
}

interface Sender {
  /** Composes what has been claimed, hands it over, writes what became of it, and claims the next. */
  pass(claimed: Claimed[], shouldStop: () => boolean): Promise<Pass>;
  /**
   * Marks as unknown what dead processes had under way, and what this one has lost sight of; `everyone`: nobody else can
   * be alive.
   */
  recover(everyone: boolean): Promise<void>;
}

export function createSender(deps: SenderDeps): Sender {
  const { logger } = deps;
  const underWay = createUnderWay();
  const results = createResults(deps, underWay);
  let troubles = 0;

  /** The server is left in peace the longer the more often it was in trouble. */
  function noteTrouble(settled: Settled[]): boolean {
    const inTrouble = settled.some(({ outcome }) => isServerTrouble(outcome));
    troubles = inTrouble ? troubles + 1 : 0;
    if (inTrouble) logger.warn({ troubles, code: troubleOf(settled) }, 'the mail server is in trouble');
    return inTrouble;
  }

  return {
    async pass(carried, shouldStop) {
      const settings = await deps.mailSettings();
      const from = settings?.from ?? (await deps.fallbackFrom());
      await results.writeLate(from);
      const claimed = carried.length > 0 || shouldStop() ? carried : await claim(deps, underWay);
      if (claimed.length === 0) return NOTHING;
      const settled = await composeAndDeliver(deps, claimed, settings, shouldStop).catch((error: Error) => {
        underWay.forget(claimed);
        throw error;
      });
      const mayGoOn = !noteTrouble(settled) && !shouldStop();
      // Asked for in the same turn, the two share a commit on SQLite.
      const [next] = await Promise.all([mayGoOn ? claimOrNone(deps, underWay) : [], results.write(settled, from)]);
      return { ...counts(settled), pause: pauseAfter(troubles), next };
    },
    recover: (everyone) => recover(deps, underWay, everyone),
  };
}

const NOTHING: Pass = { sent: 0, failed: 0, pause: 0, next: [] };

function troubleOf(settled: Settled[]): string {
  const outcome = settled.map((each) => each.outcome).find(isServerTrouble);
  return outcome && 'error' in outcome ? outcome.error : '';
}

function counts(settled: Settled[]): { sent: number; failed: number } {
  const count = (state: string) => settled.filter(({ outcome }) => outcome.state === state).length;
  return { sent: count('sent'), failed: count('failed') + count('unknown') };
}

async function recover(deps: SenderDeps, underWay: UnderWay, everyone: boolean): Promise<void> {
  const { storage, logger, kinds, claimer } = deps;
  const now = timestamp(deps.clock);
  const forgotten = (await claimedBy(storage.read, claimer)).filter(({ id }) => !underWay.has(id));
  if (forgotten.length === 0 && !(await isAnythingSending(storage.read, claimer))) return;
  await storage.transaction(async (tx) => {
    const others = await abandonMails(tx, { mine: claimer, now, livingAlso: everyone });
    const lost = [...others, ...(await abandonClaims(tx, forgotten, now))];
    await kinds.announce(tx, lost, 'unknown', 'interrupted');
    await deleteExpiredLeases(tx, now);
    if (lost.length > 0) logger.warn({ count: lost.length }, 'mails under way when a process died are now unknown');
  });
}
