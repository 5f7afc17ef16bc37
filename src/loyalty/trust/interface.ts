import type { Customer } from '../../customers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Db, Hooks, Page } from '../../storage/index.ts';
import type { Against } from './rules.ts';
export type { AskRow } from './trust-store.ts';
import type { AskRow, ReferenceRow, ReferralFilter, ReferralRow, UseRow } from './trust-store.ts';

export interface Candidate {
  customer: Customer;
  score: number;
  saidAt: string;
  /** What stands against writing to them. */
  against: Against | null;
  /** They may be asked face to face. */
  inPerson: boolean;
}

export interface NewAsk {
  kind: AskRow['kind'];
  /** For `vouch`: who has agreed that we name them. */
  prospect: string;
  way: AskRow['way'];
}

export interface Reference extends ReferenceRow {
  /** Asked in the last twelve months, the newest first. */
  uses: UseRow[];
}

/** How, how often and about what somebody may be asked. */
export type ReferenceTerms = Pick<ReferenceRow, 'a_year' | 'way' | 'topics'>;

/** Somebody lets others ask them about us, or does so no longer. */
export interface ReferenceNews {
  customerId: string;
  state: 'standing' | 'ended';
  at: string;
}

export type Referred = Pick<ReferralRow, 'id' | 'customer_id' | 'named_at'>;

export interface Trust {
  /** Those who said within a year that they are happy, the newest first. */
  candidates(cursor: string | null): Promise<Page<Candidate>>;
  /** What stands against asking somebody that way; null: nothing. */
  mayAsk(db: Db, customerId: string, way: AskRow['way']): Promise<Against | null>;
  /** Asks once a year at most. @throws Conflict where something stands against it */
  ask(actor: Actor, customerId: string, fresh: NewAsk): Promise<string>;
  linkFor(askId: string): string;
  byToken(token: string): Promise<AskRow | undefined>;
  /** They would rather not; nobody asks again. */
  decline(ask: Pick<AskRow, 'id' | 'customer_id'>, how: string, accountId?: string | null): Promise<void>;
  /** They have changed their mind. */
  takeDeclineBack(ask: Pick<AskRow, 'id' | 'customer_id'>): Promise<void>;
  /** They have told somebody about us. No addresses. */
  refer(customerId: string, askId: string | null, words: string, accountId?: string | null): Promise<void>;
  /** What they say about a prospect who knows them. */
  vouch(ask: AskRow, words: string): Promise<void>;
  beReference(customerId: string, ask: AskRow | null, terms: ReferenceTerms, accountId?: string | null): Promise<void>;
  endReference(customerId: string, accountId?: string | null): Promise<void>;
  references(cursor: string | null): Promise<Page<Reference>>;
  /** A prospect is told whom they may ask. @throws Conflict above the limit, or where somebody else was faster */
  use(actor: Actor, customerId: string, revision: number, prospect: string): Promise<void>;
  /** Runs in the same transaction when somebody has told others about us. */
  onReferred: Hooks<Referred>['on'];
  /** ... and when it is known what came of it. */
  onReferralSettled: Hooks<ReferralRow>['on'];
  /** ... and when somebody has thanked them for it. */
  onThanked: Hooks<ReferralRow>['on'];
  onReference: Hooks<ReferenceNews>['on'];
  openReferrals(cursor: string): Promise<Page<ReferralRow>>;
  /** Everybody's, the newest first, after the one of that id. */
  allReferrals(filter: ReferralFilter, before: string | null, limit: number): Promise<Page<ReferralRow>>;
  /** @throws NotFound */
  referral(id: string): Promise<ReferralRow>;
  toThank(): Promise<ReferralRow[]>;
  /** What came of it; the thanks go out by mail where it became a customer. @throws Conflict */
  settle(
    actor: Actor,
    referralId: string,
    outcome: 'became_customer' | 'nothing',
    newCustomerId: string | null,
  ): Promise<void>;
  /** A gift or a card is on its way. @throws Conflict */
  thank(actor: Actor, referralId: string): Promise<void>;
  ofCustomer(db: Db, customerId: string): Promise<CustomerTrust>;
}

export interface CustomerTrust {
  contentment: { score: number; saidAt: string } | undefined;
  declined: boolean;
  reference: Reference | undefined;
  asks: AskRow[];
  referrals: ReferralRow[];
}
