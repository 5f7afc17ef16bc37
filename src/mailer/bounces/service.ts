import type { Logger } from 'pino';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { addMinutes } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Signer } from '../../shared/tokens.ts';
import { page, type Db, type Page, type Storage, type Tx } from '../../storage/index.ts';
import { repeating, type Leases } from '../../scheduler/index.ts';
import { openJournal } from './journal.ts';
import { openMailbox } from './mailbox.ts';
import { createReceiving, type FindAddressee, type FindOwner, type OnLetter, type Receiving } from './receiving.ts';
import type { NewlySuppressed, Returned } from './recording.ts';
import { createRefusing, type Refused } from './refusing.ts';
import { returnPathFor, taggedAddress } from './return-path.ts';
import * as store from './returned-store.ts';
import type { ReturnedFilter, ReturnedRow } from './returned-store.ts';
import { KEEP_WORDS_DAYS } from './rules.ts';
import { createSuppressions, type Suppressions, type SuppressionsDeps } from './suppressions.ts';
import { forgetSuppressedCustomers } from './suppression-store.ts';

interface BouncesDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  signer: Signer;
  leases: Leases;
  /** Where returned mail arrives, as a mailbox; undefined where it comes by another way. */
  imapUrl: string | undefined;
  /** What the return paths are made of; without it messages return to their sender's address. */
  bounceAddress: string | undefined;
  /** The file that remembers suppressions outside the database; undefined where nothing is to be remembered. */
  journal: string | undefined;
  audit: SuppressionsDeps['audit'];
}

export interface Bounces extends Pick<Receiving, 'receive' | 'take' | 'tellWaiting'> {
  suppressions: Suppressions;
  /** A server would not take a mail of ours; in the transaction that writes it down. */
  refused(tx: Tx, refused: Refused): Promise<void>;
  /** The envelope's sender for a mail to that address; undefined where no address for returned mail is set. */
  returnPath(mailId: string, recipient: string): string | undefined;
  /** Says whom mails of a kind are for, by what they are about. */
  knows(mailKind: string, find: FindAddressee): void;
  /** Says who has an address, for reports that name no mail. */
  knowsOwners(find: FindOwner): void;
  /** A mail of ours came back, or somebody complained about it. In the transaction that records it. */
  onReturned(hook: (tx: Tx, returned: Returned) => Promise<void>): void;
  /** Says who takes letters that people write to the address for returned mail, or to our messages' sender. */
  onLetter(hook: OnLetter): void;
  /** Where answers may go that are to reach us: an address of ours with `tag` in it; undefined where none is set. */
  addressWith(tag: string): string | undefined;
  /** In the transaction in which an address is suppressed because of what came back. */
  onSuppressed(hook: (tx: Tx, suppressed: NewlySuppressed) => Promise<void>): void;
  /** In the transaction in which somebody lifts a suppression. */
  onLifted(hook: SuppressionsDeps['onLifted']): void;
  list(filter: ReturnedFilter, before: string | null): Promise<Page<ReturnedRow>>;
  /** What came back of these mails to a customer. */
  of(db: Db, customerId: string, mailIds: string[]): Promise<store.CameBack[]>;
  /** Up to 100. */
  countToRead(): Promise<number>;
  /** @throws NotFound */
  get(id: string): Promise<ReturnedRow>;
  /** Somebody has read it and done what there was to do. @throws Conflict where somebody else has */
  done(actor: Actor, id: string): Promise<void>;
  /** Deletes what people wrote and who they are; who must not be written to stays, as a keyed hash only. */
  forget(tx: Tx, customerIds: string[]): Promise<void>;
  /** Looks into the mailbox once. @returns how many messages were taken; 0 without a mailbox */
  poll(): Promise<number>;
  /** All that can be done now: looks into the mailbox, tells of what has come to its end. */
  work(): Promise<void>;
  /** Makes the database and the journal beside the secret agree. */
  prepare(): Promise<void>;
  start(): void;
  stop(): Promise<void>;
}

const ROWS_A_PAGE = 50;
const MOST_COUNTED = 100;
const EVERY_MS = 60_000;
const TELL_EVERY_MS = 5_000;
const MINUTES_A_DAY = 24 * 60;

/** What comes back, and to whom nothing is sent any more. */
export function createBounces(deps: BouncesDeps): Bounces {
  const { storage, clock, logger, signer, bounceAddress } = deps;
  const addressees = new Map<string, FindAddressee>();
  let onLetter: OnLetter | undefined;
  let owner: FindOwner = () => Promise.resolve(undefined);
  const hooks = {
    returned: [] as ((tx: Tx, returned: Returned) => Promise<void>)[],
    suppressed: [] as ((tx: Tx, suppressed: NewlySuppressed) => Promise<void>)[],
    lifted: [] as SuppressionsDeps['onLifted'][],
  };
  const suppressions = createSuppressions({
    ...deps,
    journal: openJournal(deps.journal),
    async onLifted(tx, customerId, accountId) {
      for (const hook of hooks.lifted) await hook(tx, customerId, accountId);
    },
  });
  const addressee = (kind: string) => addressees.get(kind);
  const onSuppressed = async (tx: Tx, suppressed: NewlySuppressed) => {
    for (const hook of hooks.suppressed) await hook(tx, suppressed);
  };
  const receiving = createReceiving({
    ...deps,
    suppressions,
    addressee,
    owner: (db, address) => owner(db, address),
    onLetter: () => onLetter,
    async onReturned(tx, returned) {
      for (const hook of hooks.returned) await hook(tx, returned);
    },
    onSuppressed,
  });
  const polling = createPolling(deps, receiving);
  const tidy = async () => {
    await receiving.tellWaiting();
    await forgetOld(storage, clock);
    await suppressions.note();
  };
  const background = repeating(TELL_EVERY_MS, logger, 'background work of returned mail failed', tidy);

  return {
    ...receiving,
    suppressions,
    refused: createRefusing({ suppressions, addressee, onSuppressed }),
    returnPath: (mailId, recipient) => bounceAddress && returnPathFor(signer, bounceAddress, mailId, recipient),
    knows: (kind, find) => void addressees.set(kind, find),
    knowsOwners: (find) => void (owner = find),
    onReturned: (hook) => void hooks.returned.push(hook),
    onLetter: (hook) => void (onLetter = hook),
    addressWith: (tag) => bounceAddress && taggedAddress(bounceAddress, tag),
    onSuppressed: (hook) => void hooks.suppressed.push(hook),
    onLifted: (hook) => void hooks.lifted.push(hook),
    async list(filter, before) {
      return page(await store.listReturned(storage.read, filter, before, ROWS_A_PAGE + 1), ROWS_A_PAGE, ({ id }) => id);
    },
    of: store.returnedOf,
    countToRead: () => store.countToRead(storage.read, MOST_COUNTED),
    async get(id) {
      const row = await store.findReturned(storage.read, id);
      if (!row) throw new NotFound();
      return row;
    },
    async done(actor, id) {
      await storage.transaction(async (tx) => {
        const done = await store.markDone(tx, id, timestamp(clock), accountOf(actor));
        if (!done) throw new Conflict('bounces.error.done');
        await deps.audit(tx, actor, 'bounces.done', { kind: 'returned_mail', id });
      });
    },
    async forget(tx, customerIds) {
      await store.forgetCustomerWords(tx, customerIds);
      await forgetSuppressedCustomers(tx, customerIds);
    },
    poll: polling.poll,
    async work() {
      await polling.tryOnce();
      await tidy();
    },
    async prepare() {
      const { learned } = await suppressions.reconcile();
      if (learned > 0) logger.warn({ count: learned }, 'suppressions that this copy did not know were learned again');
    },
    start() {
      background.start();
      polling.start();
    },
    async stop() {
      await Promise.all([background.stop(), polling.stop()]);
    },
  };
}

async function forgetOld(storage: Storage, clock: Clock): Promise<void> {
  const before = addMinutes(timestamp(clock), -KEEP_WORDS_DAYS * MINUTES_A_DAY);
  if (await store.hasOldWords(storage.read, before)) await storage.transaction((tx) => store.forgetWords(tx, before));
}

/** One process at a time looks into the mailbox. */
function createPolling({ leases, imapUrl, logger }: BouncesDeps, { receive }: Receiving) {
  const mailbox = imapUrl === undefined ? undefined : openMailbox(imapUrl, logger);
  let stopping = false;
  const poll = async (): Promise<number> => {
    const lease = mailbox && (await leases.take('returned mail'));
    if (!mailbox || !lease) return 0;
    let lost = false;
    const take = async (raw: Buffer) => {
      await receive(raw, 'mailbox');
      lost = !(await lease.keep());
    };
    try {
      return await mailbox.read(take, () => stopping || lost);
    } finally {
      await lease.end();
    }
  };
  const { start, stop, once } = repeating(EVERY_MS, logger, 'the mailbox for returned mail could not be read', poll);
  return {
    poll,
    tryOnce: once,
    start() {
      stopping = false;
      if (mailbox) start();
    },
    async stop() {
      stopping = true;
      await stop();
    },
  };
}
