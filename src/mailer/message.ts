import type { Tx } from '../storage/index.ts';

export type MailState = 'queued' | 'sending' | 'sent' | 'unknown' | 'failed' | 'cancelled';

/** One message to one person, in both parts. */
export interface Message {
  /** Without an address the one of the mail settings is used, which is what receiving servers expect. */
  from: { name: string; address?: string };
  to: { name: string; address: string };
  replyTo?: string;
  subject: string;
  text: string;
  html: string;
  language: string;
  headers?: Record<string, string>;
  files?: { name: string; type: string; bytes: Buffer }[];
}

/** A row of the outbox as a composer sees it; `detail` is what was given to `enqueue`. */
export interface MailToCompose {
  mailId: string;
  subjectId: string;
  detail: unknown;
}

/** `notNow`: whatever holds it back came after the claim; it goes back, and the next last look says until when. */
export type Composed = Message | { cancel: string } | { notNow: true };

/**
 * Turns rows of one kind into messages, just before they are sent; it only reads. `{ cancel: 'why' }` (or no entry)
 * withdraws a mail whose reason has gone meanwhile.
 */
export type Composer = (mails: MailToCompose[]) => Promise<Map<string, Composed>>;

export interface StateChange {
  mailId: string;
  subjectId: string;
  state: MailState;
  /** An SMTP status or a word of ours; never an address or a server's sentence. */
  error: string | null;
}

/** Runs in the transaction that changes the states. */
export type OnState = (tx: Tx, changes: StateChange[]) => Promise<void>;

/** Why a mail is not sent now: withdrawn for good, held until a moment, or until somebody lets go what bears that name. */
export type Held = { cancel: string } | { until: string } | { parkedFor: string };

/**
 * The last look, in the transaction that claims: says of each mail that must not go now what becomes of it, by the
 * mail's id. Those that are missing go.
 */
export type Screen = (tx: Tx, mails: MailToCompose[]) => Promise<Map<string, Held>>;

/** Fetches what a screen has to know from elsewhere, before the transaction begins. */
export type Screening = () => Promise<Screen>;

/** A mail as it stands in the outbox. */
export interface MailHistory {
  mailId: string;
  subjectId: string;
  kind: string;
  state: MailState;
  messageId: string;
  /** When it is tried next, or was; null where it is held back until somebody lets it go. */
  dueAt: string | null;
  attempts: number;
  /** An SMTP status or a word of ours. */
  lastError: string | null;
  settledAt: string | null;
}

export interface NewMail {
  kind: string;
  subjectId: string;
  detail?: object;
  /** Not before this moment. Without it the mail goes at once, ahead of all that wait for theirs. */
  notBefore?: string;
}

/** `auto` takes TLS where it is offered, `starttls` demands it, `tls` speaks it from the first byte. */
export type MailSecurity = 'auto' | 'starttls' | 'tls' | 'none';

/** A mail server: by its address (`smtp://user:password@host:port`), or by its parts. */
export type MailSettings = {
  /** The one address that messages come from. */
  from: string;
} & ({ url: string } | MailServer);

interface MailServer {
  host: string;
  port: number;
  security: MailSecurity;
  user: string;
  password: string;
  /** No more messages a second than these, by this process; undefined: as fast as the server takes them. */
  perSecond?: number | undefined;
  /** At the same time. */
  connections?: number | undefined;
}

export type TestResult = { ok: true } | { ok: false; key: string; values: Record<string, string> };
