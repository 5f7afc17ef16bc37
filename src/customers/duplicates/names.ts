import type { CustomerFields } from '../customer.ts';
import { mistyped, spelt, wordsOf } from './spelling.ts';

type Named = Pick<CustomerFields, 'givenName' | 'familyName' | 'organisation'>;

/**
 * How two names agree, the surest first: the same; spelled otherwise, or given and family name swapped; a letter or two typed
 * wrong; one of them shorter, or with initials; one of them unknown; two names.
 */
export type NameMatch = 'same' | 'spelling' | 'similar' | 'shorter' | 'unknown' | 'other';

/** What says of a business only what kind of firm it is. */
const FIRMS = new Set(
  'gmbh mbh ug ag kg ohg gbr ek co bv nv vof as asa ltd limited plc llp inc und and en og'.split(' '),
);

const given = (of: Named) => wordsOf(of.givenName);
const family = (of: Named) => wordsOf(of.familyName);
const firm = (of: Named) => {
  const all = wordsOf(of.organisation);
  const told = all.filter((word) => !FIRMS.has(word));
  return told.length > 0 ? told : all;
};
const person = (of: Named) => [...given(of), ...family(of)];
const sameWords = (one: string[], other: string[]) => one.join(' ') === other.join(' ');
const sorted = (words: string[]) => words.map(spelt).sort().join(' ');

/** The same for all spellings and orders of a name; '' where there is none. Businesses go by theirs. */
export function nameKey(of: Named): string {
  const business = firm(of);
  return business.length > 0 ? `firm ${sorted(business)}` : sorted(person(of));
}

export function matchNames(one: Named, other: Named): NameMatch {
  const [firmOfOne, firmOfOther] = [firm(one), firm(other)];
  if (firmOfOne.length > 0 && firmOfOther.length > 0) return matchFirms(firmOfOne, firmOfOther);
  const match = matchPeople(one, other);
  // A business and somebody who works there are not one and the same.
  const mixed = firmOfOne.length > 0 || firmOfOther.length > 0;
  return mixed && match !== 'other' ? 'unknown' : match;
}

/** Two businesses, and those who speak for them are not the same. */
export function areOtherPeople(one: Named, other: Named): boolean {
  return firm(one).length > 0 && firm(other).length > 0 && matchPeople(one, other) === 'other';
}

function matchFirms(one: string[], other: string[]): NameMatch {
  if (sameWords(one, other)) return 'same';
  if (sorted(one) === sorted(other)) return 'spelling';
  return isClose(one.join(''), other.join('')) ? 'similar' : 'other';
}

function matchPeople(one: Named, other: Named): NameMatch {
  if (person(one).length === 0 || person(other).length === 0) return 'unknown';
  if (sameWords(given(one), given(other)) && sameWords(family(one), family(other))) return 'same';
  if (sorted(person(one)) === sorted(person(other))) return 'spelling';
  const parts = [given(one), family(one), given(other), family(other)].map((words) => words.join(''));
  const [givenOne = '', familyOne = '', givenOther = '', familyOther = ''] = parts;
  const similar =
    (isCloseGiven(givenOne, givenOther) && isClose(familyOne, familyOther)) ||
    (isCloseGiven(givenOne, familyOther) && isClose(familyOne, givenOther));
  if (similar) return 'similar';
  return isShorter(one, other) || isShorter(other, one) ? 'shorter' : 'other';
}

/** As it was typed, or as it is spelled. */
const isClose = (one: string, other: string) => isNear(one, other) || isNear(spelt(one), spelt(other));

/** Short names that differ in a letter are other names, and so are numbers. */
function isNear(one: string, other: string): boolean {
  if (one === other) return true;
  if (one.replace(/\D/g, '') !== other.replace(/\D/g, '')) return false;
  const length = Math.min(one.length, other.length);
  const most = length < 5 ? 0 : length < 9 ? 1 : 2;
  return Math.abs(one.length - other.length) <= most && mistyped(one, other) <= most;
}

/** Maria and Mario, Julian and Juliane, Hanna and Janna: what differs at either end is another person of the house. */
function isCloseGiven(one: string, other: string): boolean {
  if (spelt(one) === spelt(other)) return true;
  const ends = Math.min(one.length, other.length) - 2;
  return one[0] === other[0] && !one.startsWith(other.slice(0, ends)) && isClose(one, other);
}

/** K. Weber and Hollerbach of Katharina Weber-Hollerbach: all that is said fits. */
function isShorter(short: Named, long: Named): boolean {
  const [families, all] = [family(long).map(spelt), given(long).map(spelt)];
  const fits = (name: string) => all.some((each) => each === name || (name.length === 1 && each.startsWith(name)));
  return (
    family(short).length > 0 &&
    family(short).every((name) => families.includes(spelt(name))) &&
    given(short).map(spelt).every(fits)
  );
}
