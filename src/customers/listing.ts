import type { Customer } from './customer.ts';
import type { Why } from './duplicates/rules.ts';

export const SORTS = ['name', 'worth', 'left'] as const;
export type Sort = (typeof SORTS)[number];

/** Filters of the list of customers. '' and absent do not limit it. Sorting by 'left' shows those who left alone. */
export interface ListFilter {
  /** Words of name, reference, e-mail, city or digits of the telephone; all must occur. */
  q?: string | undefined;
  status?: 'active' | 'left' | undefined;
  segment?: string | undefined;
  language?: string | undefined;
  country?: string | undefined;
  tag?: string | undefined;
  contactAccountId?: string | undefined;
  worthFromMinor?: number | undefined;
  worthToMinor?: number | undefined;
  sort?: Sort | undefined;
}

export type ListedCustomer = Pick<
  Customer,
  | 'id'
  | 'reference'
  | 'givenName'
  | 'familyName'
  | 'organisation'
  | 'city'
  | 'country'
  | 'segment'
  | 'status'
  | 'leftOn'
  | 'worthMinor'
  | 'language'
  | 'unsubscribedAt'
  | 'legalBasis'
  | 'email'
>;

/** What the filters offer to choose from. */
export interface Facets {
  segments: string[];
  countries: string[];
  languages: string[];
  tags: string[];
}

/** Somebody who may be the same customer, and why we think so. */
export interface PossibleDuplicate {
  id: string;
  name: string;
  reference: string;
  city: string;
  why: Why[];
}
