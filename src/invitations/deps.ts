import type { Logger } from 'pino';
import type { Accounts } from '../accounts/index.ts';
import type { Customers } from '../customers/index.ts';
import type { CameBack, Mailer } from '../mailer/index.ts';
import type { Questionnaires } from '../questionnaires/index.ts';
import type { Texts } from '../i18n/index.ts';
import type { Leases } from '../scheduler/index.ts';
import type { Clock } from '../shared/clock.ts';
import type { Signer } from '../shared/tokens.ts';
import type { Db, Storage, Tx } from '../storage/index.ts';
import type { Render } from '../web/index.ts';

/** Somebody was enrolled, skipped, cancelled, or their mail failed: what is known about asking them has changed. */
export type InvitationsHook = (tx: Tx, customerIds: string[]) => Promise<void>;

export interface InvitationsDeps {
  storage: Storage;
  clock: Clock;
  logger: Logger;
  signer: Signer;
  baseUrl: string;
  texts: Texts;
  render: Render;
  leases: Leases;
  mailer: Pick<
    Mailer,
    | 'register'
    | 'enqueue'
    | 'cancelQueued'
    | 'decideUnknown'
    | 'unknown'
    | 'captures'
    | 'parked'
    | 'unpark'
    | 'history'
    | 'trouble'
  >;
  accounts: Pick<Accounts, 'company' | 'colleague' | 'colleagues' | 'audit'>;
  customers: Pick<
    Customers,
    'audienceSlice' | 'forMail' | 'names' | 'outlines' | 'recordEvents' | 'facets' | 'leavers' | 'moments'
  >;
  /** Which of these customers have a complaint that is not closed. */
  hasOpenComplaint?(db: Db, customerIds: string[]): Promise<ReadonlySet<string>>;
  /** Whom we are talking with about what they owe: nobody asks them anything else meanwhile. */
  isTalking?(db: Db, customerIds: string[]): Promise<ReadonlySet<string>>;
  /** How many minutes the respondents of a version take; undefined while too few have answered. */
  minutesTaken?(version: { id: string; programmeId: string; count: number }): Promise<number | undefined>;
  /** Which of these addresses must not be written to. */
  isSuppressed?(db: Db, addresses: string[]): Promise<ReadonlySet<string>>;
  /** What came back of these mails to a customer. */
  cameBack?(db: Db, customerId: string, mailIds: string[]): Promise<CameBack[]>;
  questionnaires: Pick<
    Questionnaires,
    'list' | 'get' | 'version' | 'offeredLanguages' | 'reminderWords' | 'programmes'
  >;
}

/** The kinds of mail that this feature composes. */
export const INVITATION = 'invitation';
export const TEST = 'test';
export const REMINDER = 'invitations.reminder';
