import { displayName, type CustomerFields } from './customer.ts';
import { emailKey } from './fields.ts';
import type { PossibleDuplicate } from './listing.ts';
import { anywhere, digitsOf, folded, searchText } from './search-rules.ts';

interface Candidate {
  id: string;
  reference: string;
  given_name: string;
  family_name: string;
  organisation: string;
  city: string;
  postal_code: string;
  email_key: string;
  telephone: string;
}

/** The same number with and without a country's code agrees in its end. */
const COMPARED_DIGITS = 8;

function numberOf(telephone: string): string {
  const digits = digitsOf(telephone);
  return digits.length < 6 ? '' : digits.slice(-COMPARED_DIGITS);
}

const NOTHING = { organisation: '', familyName: '', givenName: '', reference: '', email: '', city: '', telephone: '' };

/** LIKE patterns of search texts that may belong to the same customer. */
export function duplicatePatterns(of: Partial<CustomerFields>): string[] {
  const name = searchText({ ...NOTHING, familyName: of.familyName ?? '', givenName: of.givenName ?? '' });
  const organisation = searchText({ ...NOTHING, organisation: of.organisation ?? '' });
  const patterns = [of.familyName && name, organisation, numberOf(of.telephone ?? '')];
  return patterns.flatMap((text) => (text ? [anywhere(text)] : []));
}

/** Those who share the address or the telephone number, or the name together with the postal code or the city. */
export function duplicatesAmong(candidates: Candidate[], of: Partial<CustomerFields>): PossibleDuplicate[] {
  return candidates.flatMap((candidate) => {
    const why: PossibleDuplicate['why'] = [];
    if (of.email && candidate.email_key === emailKey(of.email)) why.push('email');
    const number = numberOf(of.telephone ?? '');
    if (number && numberOf(candidate.telephone) === number) why.push('telephone');
    if (sameName(candidate, of) && samePlace(candidate, of)) why.push('name');
    const { id, reference, city, given_name: givenName, family_name: familyName, organisation } = candidate;
    const name = displayName({ organisation, givenName, familyName, reference });
    return why.length > 0 ? [{ id, name, reference, city, why }] : [];
  });
}

function sameName(candidate: Candidate, of: Partial<CustomerFields>): boolean {
  if (of.organisation) return folded(of.organisation) === folded(candidate.organisation);
  return (
    !!of.familyName &&
    folded(of.familyName) === folded(candidate.family_name) &&
    folded(of.givenName ?? '') === folded(candidate.given_name)
  );
}

function samePlace(candidate: Candidate, of: Partial<CustomerFields>): boolean {
  if (of.postalCode && candidate.postal_code) return of.postalCode === candidate.postal_code;
  return !!of.city && folded(of.city) === folded(candidate.city);
}
