import type { Actor } from '../../shared/actor.ts';
import type { Db, Hooks, Tx } from '../../storage/index.ts';

export const CASE_KINDS = ['complaint', 'win_back', 'payment_difficulty', 'return'] as const;
export type CaseKind = (typeof CASE_KINDS)[number];
type CaseState = 'open' | 'in_progress' | 'closed' | 'reopened';
/** What it came from. */
export type CaseOrigin = 'answer' | 'wish' | 'comment' | 'alert' | 'list' | 'hand' | 'invoice' | 'mail' | 'guarantee';

/** Somebody who is no customer of record. */
export interface CaseContact {
  name: string;
  email: string;
  telephone: string;
}

export interface RecoveryCase {
  id: string;
  /** What people call it by: 2041. */
  number: number;
  kind: CaseKind;
  state: CaseState;
  customerId: string | null;
  contact: CaseContact;
  origin: CaseOrigin;
  originId: string | null;
  summary: string;
  /** Verbatim of the customer, '' where there is none. */
  words: string;
  language: string;
  ownerId: string | null;
  urgent: boolean;
  /** Minor units a year. */
  worth: number;
  openedAt: string;
  openedBy: string | null;
  /** 1, and one more each time it was reopened. */
  round: number;
  nextStep: string | null;
  nextDueAt: string | null;
  /** We wait for the customer. */
  awaiting: boolean;
  lookAt: string;
  snoozedUntil: string | null;
  closedAt: string | null;
  closedBy: string | null;
  rootCause: string;
  action: string;
  outcome: string;
  /** Why the customer was not asked whether it is settled. */
  noQuestion: string;
  askedAt: string | null;
  settled: 'yes' | 'silent' | null;
  settledAt: string | null;
  mergedIntoId: string | null;
  revision: number;
}

export interface NewCase {
  kind: CaseKind;
  customerId: string | null;
  origin: CaseOrigin;
  /** The answer, comment, alert ... : one cause opens one case of a kind. */
  originId: string | null;
  contact?: CaseContact;
  /** Verbatim of the customer, or of whom it was written down by; '' where there is none. */
  words: string;
  language: string;
  /** Left out: the colleague whom the customer knows. Null: nobody yet. */
  ownerId?: string | null;
  urgent?: boolean;
  /** What staff see as one line. */
  summary?: string;
}

export interface Opened {
  caseId: string;
  number: number;
  /** False: the same cause had one, or the customer has an open one of that kind, and the words joined its thread. */
  opened: boolean;
}

/** A line of a case's thread; said by the text 'cases.event.KIND', filled with the detail's texts and numbers. */
export interface CaseNote {
  kind: string;
  words?: string;
  detail?: unknown;
  fromCustomer?: boolean;
}

export interface Closing {
  rootCause: string;
  action: string;
  outcome: string;
  /** The one that the form was made from. */
  revision?: number;
  /** Why the customer is not asked whether it is settled; left out: they are asked. */
  noQuestion?: string;
}

/** Something that was written down on a thread. */
export interface CaseLine extends CaseNote {
  id: string;
  caseId: string;
  /** The colleague in whose name; null where a program, the customer or the system did it. */
  accountId: string | null;
  at: string;
}

export type CaseHook = (tx: Tx, theCase: RecoveryCase) => Promise<void>;
/** Also told whether it was the customer who said that it is not settled. */
export type ReopenedHook = (tx: Tx, theCase: RecoveryCase, why: { fromCustomer: boolean }) => Promise<void>;

export interface Cases {
  open(tx: Tx, actor: Actor, fresh: NewCase): Promise<Opened>;
  /** @throws NotFound */
  get(id: string): Promise<RecoveryCase>;
  find(db: Db, id: string): Promise<RecoveryCase | undefined>;
  /** By id; those that there are. */
  findMany(db: Db, ids: string[]): Promise<Map<string, RecoveryCase>>;
  /** By its number, as people say it. */
  findByNumber(number: number): Promise<RecoveryCase | undefined>;
  /** Open cases by customer; customers without one are missing. */
  openOf(db: Db, customerIds: string[], kind?: CaseKind): Promise<Map<string, RecoveryCase[]>>;
  /** A customer's cases, newest first, at most 50. */
  ofCustomer(db: Db, customerId: string): Promise<RecoveryCase[]>;
  /** The cases that were put into this one, and into those, as duplicates. */
  duplicatesOf(db: Db, caseId: string): Promise<string[]>;
  /** Somebody has said who it is; null: none of our customers. @throws NotFound, Conflict where it is no longer at that revision */
  setCustomer(tx: Tx, actor: Actor, caseId: string, customerId: string | null, revision?: number): Promise<void>;
  /** Whoever does something with it at the same moment comes before or after. @throws NotFound */
  touch(tx: Tx, caseId: string): Promise<void>;
  /** Adds a line to the thread. */
  note(tx: Tx, actor: Actor, caseId: string, note: CaseNote): Promise<void>;
  /** What Today shows: 'today.step.STEP', due then. Null: nothing is due from us. It ends a wait for the customer. */
  setNext(tx: Tx, caseId: string, next: { step: string; dueAt: string } | null): Promise<void>;
  /** Puts it among those that wait for the customer, until we look again; null: no day. */
  awaitCustomer(tx: Tx, caseId: string, until: string | null): Promise<void>;
  /** @throws Conflict where it is closed, or no longer at that revision */
  close(tx: Tx, actor: Actor, caseId: string, closing: Closing): Promise<void>;
  /** @throws Conflict where it is not closed, was merged, or another of its kind is open by now */
  reopen(tx: Tx, actor: Actor, caseId: string, why: { words: string; fromCustomer: boolean }): Promise<void>;
  /** The customer's own page: absolute. */
  linkFor(caseId: string): string;
  byToken(token: string): Promise<RecoveryCase | undefined>;
  onOpened(hook: CaseHook): void;
  onClosed(hook: CaseHook): void;
  onReopened(hook: ReopenedHook): void;
  /** Runs in the same transaction when something is written on a thread. */
  onLine: Hooks<CaseLine>['on'];
  /** Runs in the same transaction when it was put into another as a duplicate. */
  onMerged(hook: CaseHook): void;
  /** Runs in the same transaction when somebody else looks after it from now on, or nobody. */
  onHandedOver(hook: CaseHook): void;
  /** Runs in the same transaction when somebody has said whose it is. */
  onNamed(hook: CaseHook): void;
  /** Runs in the same transaction when the customer says that it is settled. */
  onSettled(hook: CaseHook): void;
  /** Runs in the same transaction when they have not said so in the time that there was. */
  onSilent(hook: CaseHook): void;
  /** Runs in the same transaction when the managers are told that something of it is late. */
  onOverdue(hook: CaseHook): void;
  /** Runs in the same transaction when somebody has said that it cannot wait. */
  onUrgent(hook: CaseHook): void;
}
