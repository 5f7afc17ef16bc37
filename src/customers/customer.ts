import type { z } from 'zod';
import type { FIELD_SCHEMAS } from './fields.ts';
import type { LegalBasis } from './import/word-value.ts';

export type { DealingKind, LegalBasis } from './import/word-value.ts';

type FieldValues = { [K in keyof typeof FIELD_SCHEMAS]: z.infer<(typeof FIELD_SCHEMAS)[K]> };

/**
 * What a person or a file may say about a customer. Texts are '' where nothing is known, days 'YYYY-MM-DD' or null,
 * money in minor units. `greeting` is 'formal', 'familiar', or a greeting written out. `legalBasis` '' means that we
 * may not write to them; otherwise its source and day are there too.
 */
export interface CustomerFields extends FieldValues {
  status: 'active' | 'left';
  legalBasis: LegalBasis | '';
}

export interface Customer extends CustomerFields {
  id: string;
  /** Minor units a year: see `Customers.refreshWorth`. */
  worthMinor: number;
  firstPurchaseOn: string | null;
  lastPurchaseOn: string | null;
  /** Counts the changes by people and files, for optimistic locking. Purchases do not change it. */
  revision: number;
  createdAt: string;
  updatedAt: string;
  unsubscribedAt: string | null;
  unsubscribedHow: string;
  erasedAt: string | null;
}

/** What bulk work needs of very many customers. */
export type CustomerOutline = Pick<
  Customer,
  'id' | 'status' | 'leftOn' | 'lastPurchaseOn' | 'contactAccountId' | 'worthMinor' | 'unsubscribedAt' | 'erasedAt'
>;

/** A kind of letter that somebody may want no more of. */
export type RefusalTopic = 'surveys' | 'greetings';

export interface Refusal {
  topic: RefusalTopic;
  since: string;
  /** A word: 'link', 'oneClick', 'telephone' ... */
  how: string;
}

/** A customer as a file or another system has them; absent fields stay as they are. `contactEmail` names a colleague. */
export type CustomerRow = Pick<CustomerFields, 'reference'> &
  Partial<CustomerFields> & { contactEmail?: string | undefined };

/** What greeting somebody and writing to them needs. */
export interface MailCustomer {
  id: string;
  reference: string;
  email: string;
  title: string;
  givenName: string;
  familyName: string;
  organisation: string;
  greeting: string;
  language: string;
  country: string;
  /** '' where it is not known. */
  timeZone: string;
  /** '' where there is none: then we may not write. */
  legalBasis: LegalBasis | '';
  /** Since when they want no questionnaires, or no letters at all. */
  unsubscribedAt: string | null;
  erasedAt: string | null;
}

/** Who they are in a line: the business's name, else the person's, else the reference. */
export function displayName(
  customer: Pick<Customer, 'organisation' | 'givenName' | 'familyName' | 'reference'>,
): string {
  const { organisation, givenName, familyName, reference } = customer;
  return organisation || [givenName, familyName].filter(Boolean).join(' ') || reference;
}

/** 'YYYY-MM-DD': since when somebody has been a customer, as far as anybody knows. */
export function beganOn({ customerSince, firstPurchaseOn }: Customer): string | null {
  return customerSince ?? firstPurchaseOn;
}
