import { captureAll, deliverAll, notTried, type Composed, type Settled } from './deliver.ts';
import type { Kinds } from './kinds.ts';
import type { MailSettings } from './message.ts';
import { isInvented } from './rules.ts';
import type { Claimed } from './store.ts';
import { POOL_SIZE, type Transport } from './transport.ts';

/**
 * A message that was composed longer ago is composed anew when its turn comes: meanwhile its wave may have been paused
 * or stopped, or somebody may have opted out. At full speed none waits as long, and nothing is composed twice.
 */
const FRESH_MS = 250;
/** Twice the connections: each finds its next message waiting. */
const AT_A_TIME = 2 * POOL_SIZE;

export interface HandingOverDeps {
  kinds: Kinds;
  transportFor(settings: MailSettings): Promise<Transport>;
  /** Of these addresses, those to which nothing may be sent. */
  suppressed?(addresses: string[]): Promise<Set<string>>;
  /** Where a message returns that cannot be delivered; undefined: to its sender's address. */
  returnPath?(mailId: string, recipient: string): string | undefined;
  /** Whether what goes to addresses that nobody can have is kept, also where there is a mail server. */
  keepsInvented?(): Promise<boolean>;
}

/** Composes mails and hands them to the mail server, or keeps them where there is none. @returns what became of each */
export async function composeAndDeliver(
  deps: HandingOverDeps,
  claimed: Claimed[],
  settings: MailSettings | null,
  shouldStop: () => boolean,
): Promise<Settled[]> {
  const { composed, settled } = await deps.kinds.compose(claimed);
  const { allowed, held } = await withoutSuppressed(deps, composed);
  return [...settled, ...held, ...(await handOver(deps, allowed, settings, shouldStop))];
}

/** By address, whoever the mail is for, as the last thing before it is handed over. */
async function withoutSuppressed(
  deps: HandingOverDeps,
  composed: Composed[],
): Promise<{ allowed: Composed[]; held: Settled[] }> {
  const addresses = composed.filter(({ mail }) => !isOwed(mail)).map(({ message }) => message.to.address);
  const suppressed = addresses.length > 0 && deps.suppressed ? await deps.suppressed(addresses) : new Set<string>();
  if (suppressed.size === 0) return { allowed: composed, held: [] };
  const isHeld = ({ mail, message }: Composed) => !isOwed(mail) && suppressed.has(message.to.address);
  const held = composed
    .filter(isHeld)
    .map(({ mail }): Settled => ({ mail, outcome: { state: 'cancelled', error: 'suppressed' } }));
  return { allowed: composed.filter((each) => !isHeld(each)), held };
}

/** A colleague has just asked for it: a link to sign in with again must arrive. */
const isOwed = ({ kind }: Claimed) => kind.startsWith('account');

async function handOver(
  deps: HandingOverDeps,
  composed: Composed[],
  settings: MailSettings | null,
  shouldStop: () => boolean,
): Promise<Settled[]> {
  if (settings === null) return captureAll(composed);
  const kept = await toNobody(deps, composed);
  const leaving = composed.filter((each) => !kept.includes(each));
  return [...captureAll(kept), ...(await send(deps, leaving, settings, shouldStop))];
}

/** The sample company's people are invented: what would come back harms the sender's good name. */
async function toNobody({ keepsInvented }: HandingOverDeps, composed: Composed[]): Promise<Composed[]> {
  const invented = composed.filter(({ message }) => isInvented(message.to.address));
  return invented.length > 0 && (await keepsInvented?.()) ? invented : [];
}

async function send(
  deps: HandingOverDeps,
  composed: Composed[],
  settings: MailSettings,
  shouldStop: () => boolean,
): Promise<Settled[]> {
  if (composed.length === 0) return [];
  const { deliver, pace } = await deps.transportFor(settings);
  const freshUntil = performance.now() + FRESH_MS;
  const renew = async (each: Composed) => (performance.now() < freshUntil ? each : await composeAnew(deps, each));
  const { returnPath } = deps;
  return await deliverAll(composed, { deliver, pace, renew, shouldStop, lanes: AT_A_TIME, returnPath });
}

/** Never throws: the others of its chunk are being handed over. */
async function composeAnew(deps: HandingOverDeps, { mail }: Composed): Promise<Composed | Settled> {
  try {
    const { composed, settled } = await deps.kinds.compose([mail]);
    const { allowed, held } = await withoutSuppressed(deps, composed);
    return allowed[0] ?? held[0] ?? settled[0] ?? notTried(mail);
  } catch {
    return notTried(mail);
  }
}
