import type { Actor } from '../shared/actor.ts';
import type { Audit } from '../shared/audit.ts';
import type { Clock } from '../shared/clock.ts';
import type { Result } from '../shared/errors.ts';
import type { Condition, Db, Page, Storage, Tx } from '../storage/index.ts';
import type { AnswersAsked, AudienceCustomer, AudienceFilter } from './audience.ts';
import type {
  Customer,
  CustomerFields,
  CustomerOutline,
  CustomerRow,
  MailCustomer,
  Refusal,
  RefusalTopic,
} from './customer.ts';
import type { RevertOptions, UpsertOptions } from './bulk.ts';
import type { CodeRemarks } from './code-remarks.ts';
import type { Facets, ListedCustomer, ListFilter, PossibleDuplicate } from './listing.ts';
import type { CustomerRecords } from './records-interface.ts';
import type { MergingRecords } from './merging-interface.ts';
import type { Moment, MomentsQuery } from './moments.ts';
import type { CustomerEvent, TimelineItem } from './timeline.ts';

/** What customers need of the accounts feature and the platform. */
export interface CustomersDeps {
  storage: Storage;
  clock: Clock;
  audit: Audit<Tx>;
  /** Also those who no longer work here: timelines name them. */
  colleagues(): Promise<{ id: string; name: string; email: string; active: boolean }[]>;
  company(): Promise<{ currency: string; country: string; defaultLanguage: string; timeZone: string }>;
  /** What is to be said about codes of offers that purchases name, by whoever gives offers. */
  offerCodes?: CodeRemarks | undefined;
  /** What is asked of answers in an audience, by whoever keeps them; undefined where nothing is. */
  answeredAs?(asked: AnswersAsked): Condition | undefined;
}

/** What became of a customer's row; `before` is for an undo. `same` rows were not touched. */
export interface UpsertOutcome {
  id: string;
  outcome: 'added' | 'updated' | 'same';
  before: CustomerFields | null;
  revisionAfter: number;
}

export interface RevertEntry {
  id: string;
  /** As the upsert gave it; null for a customer that it added. */
  before: CustomerFields | null;
  revisionAfter: number;
}

export interface Resubscription {
  at: string;
  accountId: string | null;
  how: string;
  reason: string;
}

export type CustomersHook = (tx: Tx, customerIds: string[]) => Promise<void>;

export interface Customers extends CustomerRecords, MergingRecords {
  /** @throws NotFound for an unknown id, and for an erased customer */
  get(id: string): Promise<Customer>;
  find(id: string, db?: Db): Promise<Customer | undefined>;
  /** Whole customers by id, erased ones too. */
  findMany(db: Db, ids: string[]): Promise<Map<string, Customer>>;
  /** The little that bulk work needs of up to 500 customers, erased ones too. */
  outlines(db: Db, ids: string[]): Promise<Map<string, CustomerOutline>>;
  findByReference(reference: string): Promise<Customer | undefined>;

  list(filter: ListFilter, after: string | null, limit: number): Promise<Page<ListedCustomer>>;
  /** How many the filter finds, counted up to `atMost` only. */
  count(filter: ListFilter, atMost: number): Promise<number>;
  /** Whole customers in pages of the list's order, for exports. */
  listWhole(filter: ListFilter, after: string | null, limit: number): Promise<Page<Customer>>;
  /** What customers have: up to 200 values each, sorted. */
  facets(): Promise<Facets>;

  /** Up to 50 who have that address, in any spelling. */
  idsWithEmail(db: Db, email: string): Promise<string[]>;
  duplicatesOf(fields: Partial<CustomerFields>, exceptId?: string): Promise<PossibleDuplicate[]>;
  /** Which of these are probably customers already. */
  resembling(rows: Partial<CustomerFields>[]): Promise<boolean[]>;
  /** Without a reference one is made up. The only field error here is a reference that is taken. */
  create(actor: Actor, fields: Partial<CustomerFields>): Promise<Result<Customer>>;
  /** @throws Conflict where the customer is no longer at that revision */
  update(actor: Actor, id: string, revision: number, fields: Partial<CustomerFields>): Promise<Result<Customer>>;
  /** @throws Conflict where they have left already */
  markLeft(actor: Actor, id: string, on: string): Promise<void>;
  markActive(actor: Actor, id: string): Promise<void>;
  /** They have bought again after they had left. Whether they still counted as having left. */
  markReturned(tx: Tx, actor: Actor, id: string): Promise<boolean>;
  setTags(actor: Actor, id: string, tags: string[]): Promise<void>;

  /**
   * Adds and changes customers by their reference, in transactions of at most 200 rows; the outcomes stand in the
   * order of the rows. Erased customers stay as they are.
   */
  upsertMany(actor: Actor, rows: CustomerRow[], options?: UpsertOptions): Promise<UpsertOutcome[]>;
  /**
   * Takes an upsert back where nothing has happened since: 'undone', else 'kept'. An added customer goes only when no
   * feature objects (`onRemoving`) and they have no purchases, invoices or dealings.
   */
  revertMany(actor: Actor, entries: RevertEntry[], options?: RevertOptions): Promise<('undone' | 'kept')[]>;
  /** What `upsertMany` would do with these rows, without doing it. */
  previewMany(rows: CustomerRow[], options?: UpsertOptions): Promise<UpsertOutcome['outcome'][]>;
  /** The country of each ('' where nobody knows it); undefined for a reference that nobody has. */
  countriesOf(references: string[]): Promise<(string | undefined)[]>;

  /**
   * Worth in minor units a year: what they spent in the twelve months that end with the last purchase (the day a year
   * before it is outside), or the typed yearly value without purchases. Also keeps the first and last purchase.
   * Source: measures, "spend in the twelve months before their last purchase".
   */
  refreshWorth(tx: Tx, customerIds: string[]): Promise<void>;
  /** What up to 500 customers are worth now, in minor units a year, by id. */
  worths(db: Db, customerIds: string[]): Promise<Map<string, number>>;

  /** How many have left, erased ones aside. */
  leavers(): Promise<number>;
  /** Ordered by id, after the given one. Erased customers belong to no audience; the unreachable do. */
  audienceSlice(db: Db, filter: AudienceFilter, afterId: string | null, limit: number): Promise<AudienceCustomer[]>;
  /** What happened to customers of an audience on some days. */
  moments(db: Db, query: MomentsQuery): Promise<Moment[]>;
  forMail(db: Db, ids: string[]): Promise<Map<string, MailCustomer>>;
  /** Names to show beside something of theirs. Erased customers are missing. */
  names(db: Db, ids: string[]): Promise<Map<string, { name: string; reference: string }>>;

  recordEvents(tx: Tx, events: CustomerEvent[]): Promise<void>;
  /** Newest first, with purchases, invoices and dealings among the events. */
  timeline(customerId: string, after: string | null, limit: number): Promise<Page<TimelineItem>>;

  /** Gives everybody who has one colleague as their contact person to another one. @returns how many that were */
  handOver(actor: Actor, from: string, to: string): Promise<number>;

  /** Notes in the audit log that somebody took a list of customers with them. */
  noteExport(actor: Actor): Promise<void>;

  /**
   * They asked us to stop writing. `how` is a word for the timeline and the profile: 'link', 'oneClick', 'telephone' ...
   * Whether this was the first time.
   */
  unsubscribe(tx: Tx, customerId: string, how: string, accountId?: string | null): Promise<boolean>;

  /**
   * They want no more of one kind of letter: questionnaires, or greetings. What waits to be sent to them is cancelled
   * where it is of that kind. Whether this was the first time.
   */
  refuse(tx: Tx, customerId: string, topic: RefusalTopic, how: string): Promise<boolean>;
  /** What they want no more of, short of everything. */
  refusals(customerId: string): Promise<Refusal[]>;

  /** Other customers with their address, as 'name (number)', who want no questionnaires: then they get none either. */
  refusingWithSameAddress(customerId: string): Promise<string[]>;

  /** A colleague notes that they asked us to stop, by telephone or otherwise. */
  unsubscribeByHand(actor: Actor, customerId: string, how: string): Promise<void>;

  /**
   * They want to hear from us again, and a colleague notes who asked for it and how. It takes back their own wish and
   * nothing else. @throws Conflict unless they are unsubscribed or refuse something
   */
  resubscribeByHand(actor: Actor, customerId: string, note: { how: string; reason: string }): Promise<void>;
  /** Why somebody who had unsubscribed is written to again; the last time, where there is one. */
  resubscription(customerId: string): Promise<Resubscription | undefined>;

  /** Something about them has changed beside the use cases of this feature: tells whoever listens. */
  touched(tx: Tx, customerIds: string[]): Promise<void>;

  /** Runs in the same transaction when customers were added or changed: status, day of leaving, worth, segment ... */
  onChanged(hook: CustomersHook): void;
  /** Runs in the same transaction when somebody unsubscribed: what waits to be sent to them is cancelled here. */
  onUnsubscribed(hook: CustomersHook): void;
  /** Runs before customers of an undone import are removed: says which must stay, and lets go of the others. */
  onRemoving(hook: (tx: Tx, customerIds: string[]) => Promise<string[]>): void;
}
