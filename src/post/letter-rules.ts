import type { Customer } from '../customers/index.ts';
import type { ListedInvitation } from '../invitations/index.ts';

/** Why somebody gets no letter, by the first that holds. */
export const LEFT_OUT = [
  'gone',
  'unsubscribed',
  'no_legal_basis',
  'no_postal_address',
  'language',
  'held_out',
  'complaint',
  'recently_invited',
  'answered',
  'moved',
] as const;
export type LeftOut = (typeof LEFT_OUT)[number];

/** What speaks against writing to them by post; null where nothing does. */
export function againstLetter(customer: Customer | undefined): LeftOut | null {
  if (!customer || customer.erasedAt !== null) return 'gone';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  return hasPostalAddress(customer) ? null : 'no_postal_address';
}

function hasPostalAddress({ street, city }: Pick<Customer, 'street' | 'city'>): boolean {
  return street.trim() !== '' && city.trim() !== '';
}

/** What has happened since the letter was prepared that it should not go any more; null where nothing has. */
export function againstPosting(
  invitation: ListedInvitation | undefined,
  from: string,
  customer: Customer | undefined,
): LeftOut | null {
  if (!invitation) return 'gone';
  if (invitation.progress === 'completed') return 'answered';
  if (invitation.progress === 'opted_out') return 'unsubscribed';
  if (invitation.revokedAt !== null || invitation.delivery !== from) return 'moved';
  return againstLetter(customer);
}

type Postal = Pick<
  Customer,
  'title' | 'givenName' | 'familyName' | 'organisation' | 'street' | 'postalCode' | 'city' | 'region' | 'country'
>;

/** Countries that write the town before the code, on the same line. */
const CITY_FIRST = new Set(['US', 'CA', 'AU']);
/** Countries where the code has a line of its own below the town. */
const CODE_BELOW = new Set(['GB', 'IE']);

/**
 * The lines in the window of an envelope, at most nine (DIN 5008: the address field). The country stands last, in
 * capitals, and only where the letter leaves the sender's country (Universal Postal Union, S42).
 */
export function addressLines(customer: Postal, ownCountry: string, countryName: (code: string) => string): string[] {
  const { title, givenName, familyName, organisation, street, postalCode, city, region, country } = customer;
  const person = [title, givenName, familyName].filter(Boolean).join(' ');
  const abroad = country !== '' && country !== ownCountry;
  return [
    organisation,
    person,
    ...street.split('\n'),
    ...townLines({ postalCode, city, region }, country),
    abroad ? countryName(country).toUpperCase() : '',
  ]
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

function townLines({ postalCode, city, region }: Pick<Postal, 'postalCode' | 'city' | 'region'>, country: string) {
  if (CITY_FIRST.has(country)) return [[city, region, postalCode].filter(Boolean).join(' ')];
  if (CODE_BELOW.has(country)) return [city, postalCode];
  return [[postalCode, city].filter(Boolean).join(country === 'NL' ? '  ' : ' ')];
}
