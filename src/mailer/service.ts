import type { Logger } from 'pino';
import { timestamp, type Clock } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Db, Schema, Storage, Tx } from '../storage/index.ts';
import type { Bounces } from './bounces/index.ts';
import { findCaptured, listCaptured } from './captured-store.ts';
import { PATIENT, type Timeouts } from './connection.ts';
import { createKinds } from './kinds.ts';
import { createLease } from './lease.ts';
import { createLoop } from './loop.ts';
import type {
  Composer,
  MailHistory,
  MailSettings,
  Message,
  NewMail,
  OnState,
  Screening,
  TestResult,
} from './message.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import { createSender } from './sender.ts';
import {
  cancelQueuedMails,
  countMails,
  decideUnknown,
  insertMails,
  mailsAbout,
  parkedFor,
  troubleOfDue,
  unknownSubjects,
  unparkMails,
  waitingMails,
} from './store.ts';
import type { Dkim } from './signing.ts';
import { sendTest } from './test-message.ts';
import { openTransport, type Transport } from './transport.ts';

export interface MailerDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  baseUrl: string;
  /** The mail server, or null where none is set: then messages are kept to be read in the app. */
  mailSettings(): Promise<MailSettings | null>;
  /** Whether nothing may leave for now. */
  isPaused?(): Promise<boolean>;
  /** Whether what goes to addresses that nobody can have is kept, also where there is a mail server. */
  keepsInvented?(): Promise<boolean>;
  /** The sender's address of messages that are kept instead of sent. */
  fallbackFrom?(): Promise<string>;
  timeouts?: Timeouts;
  /** Signs every message. */
  dkim?: Dkim | undefined;
  /** What came back, and to whom nothing is sent any more. */
  bounces?: Pick<Bounces, 'returnPath' | 'suppressions' | 'refused'>;
}

interface Waiting {
  states: Record<(typeof UNSETTLED)[number], number>;
  /** A moment in UTC. */
  oldestDue: string | null;
}

const UNSETTLED = ['queued', 'sending', 'unknown'] as const;
const MOST_COUNTED = 100_000;

export interface Mailer {
  /**
   * Names who composes the mails of a kind, who hears of their fate in the same transaction, and who has a last look
   * in the transaction that claims them.
   */
  register(kind: string, composer: Composer, onState?: OnState, screening?: Screening): void;
  /** Runs before mails are worded. */
  beforeWriting(hook: () => Promise<void>): void;
  /** All kinds of mail that somebody composes. */
  kinds(): string[];
  /** Writes mails into the outbox; they leave only after the caller's transaction has been committed. */
  enqueue(tx: Tx, mails: NewMail[]): Promise<void>;
  /** Withdraws what nobody has begun to send. @returns the subjects whose mail is really withdrawn */
  cancelQueued(tx: Tx, kind: string, subjectIds: string[]): Promise<string[]>;
  /** A person's decision about an unknown mail: it counts as sent, or is sent again. @returns whether it was unknown */
  decideUnknown(tx: Tx, kind: string, subjectId: string, decision: 'sent' | 'again'): Promise<boolean>;
  /** The subjects of such mails, at most so many. */
  unknown(db: Db, kind: string, limit: number): Promise<string[]>;
  /** For whom mails are held back (`parkedFor`). */
  parked(db: Db): Promise<string[]>;
  /** Lets some of those go from that moment on. @returns how many; 0 when none is left */
  unpark(tx: Tx, name: string, options: { notBefore: string; limit: number }): Promise<number>;
  /** What became of the mails about these, the oldest first. */
  history(db: Db, kind: string, subjectIds: string[]): Promise<MailHistory[]>;
  /** One pass over everything that is due. */
  sendDue(): Promise<{ sent: number; failed: number; left: number }>;
  /** Marks what a dead process left behind, then sends in the background. */
  start(): Promise<void>;
  /** How many mails are not settled, by state (each counted up to 100,000), and when the first of those queued was due. */
  waiting(): Promise<Waiting>;
  /** Why the mail server takes nothing for now, as errors are kept; null where it does, or nothing is due. */
  trouble(): Promise<string | null>;
  /** Finishes the messages under way and leaves the rest queued. */
  stop(): Promise<void>;
  /** Sends one message at once, beside the outbox, and says what is wrong. Null: with the server in use. */
  sendTest(settings: MailSettings | null, message: Message): Promise<TestResult>;
  /** Whether messages are kept in the app because no mail server is set. */
  captures(): Promise<boolean>;
  /** The messages that are kept in the app. */
  outbox: Outbox;
}

/** The outbox and its sender. */
export function createMailer(deps: MailerDeps): Mailer {
  const { storage, clock, logger, bounces } = deps;
  const { hostname } = new URL(deps.baseUrl);
  const claimer = newId(clock);
  const kinds = createKinds(logger);
  const lease = createLease(storage, clock, claimer, logger);
  const transports = keepTransport(hostname, deps.timeouts ?? PATIENT, deps.dkim);
  const fallbackFrom = deps.fallbackFrom ?? (async () => `comeback@${hostname}`);
  const sender = createSender({
    ...deps,
    kinds,
    lease,
    claimer,
    fallbackFrom,
    transportFor: transports.open,
    suppressed: async (addresses) => (await bounces?.suppressions.among(storage.read, addresses)) ?? new Set(),
    returnPath: bounces?.returnPath,
    refused: bounces?.refused,
  });
  const loop = createLoop({ pass: sender.pass, recover: () => sender.recover(false), logger });
  const close = async () => {
    await lease.end();
    await transports.close();
  };

  return {
    register: kinds.register,
    beforeWriting: kinds.beforeWriting,
    kinds: kinds.names,
    async enqueue(tx, mails) {
      await insertMails(
        tx,
        mails.map((mail) => mailRow(mail, clock, hostname)),
      );
      loop.wake();
    },
    async cancelQueued(tx, kind, subjectIds) {
      const cancelled = await cancelQueuedMails(tx, kind, subjectIds, timestamp(clock));
      await kinds.announce(tx, cancelled, 'cancelled', 'withdrawn');
      return cancelled.map((mail) => mail.subject_id);
    },
    async waiting() {
      const counted = await Promise.all(UNSETTLED.map((state) => waitingMails(storage.read, state, MOST_COUNTED)));
      const states = Object.fromEntries(UNSETTLED.map((state, i) => [state, counted[i]?.count ?? 0]));
      return { states: states as Waiting['states'], oldestDue: counted[0]?.first ?? null };
    },
    trouble: () => troubleOfDue(storage.read, timestamp(clock)),
    async decideUnknown(tx, kind, subjectId, decision) {
      const state = decision === 'sent' ? 'sent' : 'queued';
      const changed = await decideUnknown(tx, { kind, subjectId, state, now: timestamp(clock) });
      await kinds.announce(tx, changed, state, null);
      loop.wake();
      return changed.length > 0;
    },
    unknown: unknownSubjects,
    parked: parkedFor,
    async unpark(tx, name, { notBefore, limit }) {
      loop.wake();
      return await unparkMails(tx, name, notBefore, limit);
    },
    history: async (db, kind, subjectIds) => (await mailsAbout(db, kind, subjectIds)).map(asHistory),
    async sendDue() {
      await sender.recover(false);
      const total = await loop.once();
      if (!loop.running()) await close();
      return { ...total, left: await countMails(storage.read, 'queued') };
    },
    async start() {
      // One process uses a SQLite file: whatever is still being sent there was left behind.
      await sender.recover(storage.engine === 'sqlite');
      loop.start();
    },
    async stop() {
      await loop.stop();
      await close();
    },
    async sendTest(settings, message) {
      const server = settings ?? (await deps.mailSettings());
      if (server === null) return { ok: false, key: 'mail.test.noServer', values: {} };
      return await sendTest(server, message, `${newId(clock)}@${hostname}`, deps.timeouts ?? PATIENT, deps.dkim);
    },
    captures: async () => (await deps.mailSettings()) === null,
    outbox: createOutbox({
      list: (options) => listCaptured(storage.read, options),
      find: (id) => findCaptured(storage.read, id),
    }),
  };
}

/** Sorts before every real moment, so that a password link does not wait behind a wave of thousands. */
const AT_ONCE = '1970-01-01T00:00:00.000Z';

export function mailRow({ kind, subjectId, detail = {}, notBefore }: NewMail, clock: Clock, host: string) {
  const id = newId(clock);
  return {
    id,
    kind,
    subject_id: subjectId,
    detail: JSON.stringify(detail),
    state: 'queued' as const,
    not_before: notBefore ?? AT_ONCE,
    attempts: 0,
    claimed_by: null,
    claimed_at: null,
    message_id: `${id}@${host}`,
    last_error: null,
    created_at: timestamp(clock),
    settled_at: null,
    parked_for: null,
  };
}

const asHistory = (row: Schema['outgoing_mail']): MailHistory => ({
  mailId: row.id,
  subjectId: row.subject_id,
  kind: row.kind,
  state: row.state,
  messageId: row.message_id,
  dueAt: row.parked_for === null ? row.not_before : null,
  attempts: row.attempts,
  lastError: row.last_error,
  settledAt: row.settled_at,
});

/** Keeps the pool open as long as the settings stay the same. */
function keepTransport(hostname: string, timeouts: Timeouts, dkim: Dkim | undefined) {
  const name = hostname.includes('.') && !/^[\d.]+$/.test(hostname) ? hostname : undefined;
  let current: { key: string; transport: Promise<Transport> } | undefined;
  return {
    open(settings: MailSettings): Promise<Transport> {
      const key = JSON.stringify(settings);
      if (current?.key !== key) {
        void current?.transport.then((old) => old.close());
        current = { key, transport: openTransport({ settings, name, timeouts, dkim }) };
      }
      return current.transport;
    },
    async close(): Promise<void> {
      const closing = current;
      current = undefined;
      (await closing?.transport)?.close();
    },
  };
}
