import type { Customer } from '../../customers/index.ts';
import type { Actor } from '../../shared/actor.ts';
import type { Tx } from '../../storage/index.ts';
import type { Role } from '../../web/index.ts';
import type { GivenOffer, Offer } from './offer.ts';
import type { WhyNot } from './rules.ts';

/** Who gives, and what they may. */
export interface Giver {
  actor: Actor;
  role: Role;
}

export interface ToGive {
  offerId: string;
  customerId: string;
  caseId: string | null;
  /** They were warned about a discount together with an upgrade, and mean it. */
  anyway?: boolean;
}

/** An offer, and what speaks against giving it to that customer now; null where nothing does. */
export interface Choice {
  offer: Offer;
  why: WhyNot | null;
  /** It goes to somebody else for approval first. */
  approval: boolean;
}

/** What became of giving: done, waiting for approval, not done for a discount beside an upgrade, or not allowed. */
export type Given =
  { state: 'given' | 'waiting'; id: string; code: string } | { state: 'warned' } | { state: 'against'; why: WhyNot };

export interface Giving {
  /** Every offer in use, for one customer. Nothing is held for them yet. */
  choices(customer: Customer, role: Role): Promise<Choice[]>;
  /**
   * `given` and `waiting` (for approval) are done; `warned` is a discount together with an upgrade, not done.
   * @throws Conflict where something speaks against it: 'offers.why.REASON'
   */
  give(giver: Giver, what: ToGive): Promise<Exclude<Given, { state: 'against' }>>;
  /**
   * Given by the business itself with something greater, as managers settled it before.
   * @returns undefined where something speaks against it by now, or no manager may give it alone
   */
  enclose(tx: Tx, what: Pick<ToGive, 'offerId' | 'customerId'>): Promise<GivenOffer | undefined>;
  /** `why`: where it is refused. @throws Conflict where it does not wait any more, Forbidden above what that role may give */
  decide(giver: Giver, givenId: string, approves: boolean, why: string): Promise<void>;
  /** @throws NotFound, Conflict where it is used or over */
  takeBack(actor: Actor, givenId: string, why: string): Promise<void>;
  /** What came with something that never left: nobody has it, and it counts no more. */
  withdraw(tx: Tx, givenIds: string[]): Promise<void>;
}

/** Nobody can use it any more. */
export interface OfferEnded {
  given: Pick<GivenOffer, 'id' | 'offerId' | 'customerId' | 'caseId'>;
  state: 'taken_back' | 'expired';
  at: string;
}

export interface OfferGiven {
  id: string;
  offerId: string;
  customerId: string;
  caseId: string | null;
  costMinor: number;
  /** A plain date. */
  validUntil: string;
}
