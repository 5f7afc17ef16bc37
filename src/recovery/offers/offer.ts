import type { Role } from '../../web/index.ts';

export const OFFER_KINDS = ['discount_percent', 'discount_amount', 'gift', 'service', 'upgrade', 'token'] as const;
export type OfferKind = (typeof OFFER_KINDS)[number];
/** Whom an offer is for: anybody, those with us for less than a year, for three years or longer, those who have left. */
export const FOR_WHOM = ['everyone', 'new', 'loyal', 'left'] as const;
export type ForWhom = (typeof FOR_WHOM)[number];
export const CODE_KINDS = ['none', 'typed', 'generated'] as const;
type CodeKind = (typeof CODE_KINDS)[number];
export const ROLES: readonly Role[] = ['staff', 'manager', 'administrator'];

/** The most that an offer may say; a code that is typed has at least so many letters. */
export const OFFER_LIMITS = {
  name: 120,
  percent: 100,
  perCustomer: 1000,
  perYear: 100_000,
  most: 100_000,
  leastCode: 4,
  code: 40,
  validDays: 3650,
} as const;

/** What a manager types. Money is in minor units; limits are null where there is none. */
export interface OfferInput {
  /** By language; at least one. */
  name: Record<string, string>;
  kind: OfferKind;
  /** Per cent or minor units; null where it is no discount. */
  amount: number | null;
  costMinor: number;
  forWhom: ForWhom;
  /** Keys of the reasons for leaving that it is for; empty: any. */
  reasons: string[];
  leastWorthMinor: number;
  leastRole: Role;
  perCustomer: number | null;
  perYear: number | null;
  most: number | null;
  codeKind: CodeKind;
  code: string;
  validDays: number;
  endsOn: string | null;
}

export interface Offer extends OfferInput {
  id: string;
  given: number;
  revision: number;
  retiredAt: string | null;
}

export type GivenState = 'waiting' | 'refused' | 'given' | 'redeemed' | 'expired' | 'taken_back';

/** An offer that a customer has got, or is to get once it has been approved. */
export interface GivenOffer {
  id: string;
  offerId: string;
  customerId: string;
  caseId: string | null;
  state: GivenState;
  /** '' where there is none, or it waits for approval. */
  code: string;
  costMinor: number;
  givenBy: string | null;
  givenAt: string;
  givenOn: string;
  validUntil: string;
  redeemedOn: string | null;
  endedWhy: string;
  /** When they were last written to about it; null where they were not. */
  toldAt: string | null;
}

/** What a colleague and a manager may give by themselves, by its cost in minor units. */
export interface GivingLimits {
  staffMinor: number;
  managerMinor: number;
}
