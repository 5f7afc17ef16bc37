import type { CustomerFields } from '../customer.ts';
import { emailKey } from '../fields.ts';
import { digitsOf } from '../search-rules.ts';
import { areOtherPeople, matchNames, nameKey, type NameMatch } from './names.ts';
import { spelt, wordsOf } from './spelling.ts';

/** What two records are compared by. */
const COMPARED = [
  'givenName',
  'familyName',
  'organisation',
  'email',
  'telephone',
  'street',
  'postalCode',
  'city',
  'country',
] as const satisfies (keyof CustomerFields)[];

export type Compared = Pick<CustomerFields, (typeof COMPARED)[number]>;

/** In words: the texts 'customers.duplicate.WHY'. */
export const WHYS = [
  'email',
  'telephone',
  'person',
  'address',
  'name',
  'spelling',
  'similar',
  'almost',
  'shorter',
] as const;
export type Why = (typeof WHYS)[number];

/** 3: almost certainly one person, 2: probably, 1: possibly; 0: not to be listed. */
export type Certainty = 0 | 1 | 2 | 3;

interface Likeness {
  why: Why[];
  certainty: Certainty;
}

/** How records that may be the same are found: each of these in an index. */
export interface Keys {
  email: string;
  telephone: string;
  name: string;
  place: string;
  street: string;
}

const NOTHING: Compared = {
  givenName: '',
  familyName: '',
  organisation: '',
  email: '',
  telephone: '',
  street: '',
  postalCode: '',
  city: '',
  country: '',
};

export const isCompared = (field: keyof CustomerFields): boolean => COMPARED.some((each) => each === field);

export const compared = (of: Partial<Compared>): Compared => ({
  ...NOTHING,
  ...Object.fromEntries(COMPARED.flatMap((field) => (of[field] === undefined ? [] : [[field, of[field]]]))),
});

/** One record is compared with several. */
const known = new WeakMap<Compared, Keys>();

export function keysOf(of: Compared): Keys {
  const keys = known.get(of) ?? madeKeys(of);
  known.set(of, keys);
  return keys;
}

function madeKeys(of: Compared): Keys {
  return {
    email: emailKey(of.email),
    telephone: numberOf(of.telephone),
    name: nameKey(of),
    place: placeOf(of),
    street: streetOf(of.street),
  };
}

/** The same number with and without a country's code agrees in its end. */
const COMPARED_DIGITS = 8;

function numberOf(telephone: string): string {
  const digits = digitsOf(telephone);
  return digits.length < 6 ? '' : digits.slice(-COMPARED_DIGITS);
}

/** The postal code, else the town. */
function placeOf({ postalCode, city }: Compared): string {
  return codeOf(postalCode) || (cityOf(city) && `${TOWN}${cityOf(city)}`);
}

const TOWN = '~';
const codeOf = (postalCode: string) => wordsOf(postalCode).join('');
const cityOf = (city: string) => wordsOf(city).map(spelt).join(' ');

/** As people write it in these countries, at the end of a name or as a word of its own. */
const STREET = /(?<!^)(strasse|strase|straat|str|gaten|gata|gate|veien|vegen|vei|veg)$/;
const STREETS = new Set('strasse str straat street st road rd gate gata vei veg avenue ave'.split(' '));

function streetOf(street: string): string {
  const words = wordsOf(street).filter((word) => !STREETS.has(word));
  return words.map((word) => spelt(word.replace(STREET, ''))).join('');
}

/** Where to look for records that may be the same as one with these keys. */
export type Lookup =
  | { by: 'email'; key: string }
  | { by: 'telephone'; key: string }
  /** Whoever has the name, in these places or anywhere. */
  | { by: 'name'; key: string; places: string[] | null }
  | { by: 'address'; key: string; place: string };

export function lookupsOf({ email, telephone, name, place, street }: Keys, city: string): Lookup[] {
  const lookups: Lookup[] = [];
  if (email) lookups.push({ by: 'email', key: email });
  if (telephone) lookups.push({ by: 'telephone', key: telephone });
  if (name && place) {
    const town = cityOf(city);
    const places = place.startsWith(TOWN) ? null : [place, ...(town ? [`${TOWN}${town}`] : [])];
    lookups.push({ by: 'name', key: name, places });
  }
  if (place && street) lookups.push({ by: 'address', key: street, place });
  return lookups;
}

/** Why two records may be one person, and how certain that is. */
export function likeness(one: Compared, other: Compared): Likeness {
  const [keys, others] = [keysOf(one), keysOf(other)];
  const names = matchNames(one, other);
  const facts: Facts = {
    email: !!keys.email && keys.email === others.email,
    telephone: !!keys.telephone && keys.telephone === others.telephone,
    address: !!keys.street && keys.street === others.street && !!keys.place && keys.place === others.place,
    place: samePlace(one, other),
    moved: keys.street !== others.street && !!keys.street && !!others.street,
    otherPeople: areOtherPeople(one, other),
    names,
    sameName: !!keys.name && (names === 'same' || names === 'spelling'),
  };
  const why = whyOf(facts);
  return { why, certainty: why.length === 0 ? 0 : certaintyOf(facts) };
}

interface Facts {
  email: boolean;
  telephone: boolean;
  address: boolean;
  place: 'code' | 'town' | null;
  /** Both have a street, and it is not the same. */
  moved: boolean;
  /** Somebody else speaks for each of two businesses. */
  otherPeople: boolean;
  names: NameMatch;
  sameName: boolean;
}

function samePlace(one: Compared, other: Compared): Facts['place'] {
  if (one.country && other.country && one.country !== other.country) return null;
  const [code, otherCode] = [codeOf(one.postalCode), codeOf(other.postalCode)];
  if (code && otherCode) return code === otherCode ? 'code' : null;
  return cityOf(one.city) && cityOf(one.city) === cityOf(other.city) ? 'town' : null;
}

function whyOf({ email, telephone, address, place, names, sameName }: Facts): Why[] {
  const why: Why[] = [];
  if (email) why.push('email');
  if (telephone) why.push('telephone');
  if (sameName && address && place) why.push('address');
  else if (sameName && place) why.push(names === 'same' ? 'name' : 'spelling');
  else if (names === 'similar' && address && place) why.push('similar');
  else if (why.length > 0 && sameName) why.push('person');
  else if (why.length > 0 && names === 'similar') why.push('almost');
  else if (why.length > 0 && names === 'shorter') why.push('shorter');
  return why;
}

/**
 * A shared address for e-mail says most; a telephone number is that of a household, and says nothing where the names are those
 * of two people; a name says something together with a place.
 */
function certaintyOf({ email, telephone, address, place, moved, otherPeople, names, sameName }: Facts): Certainty {
  if (email && names !== 'other') return 3;
  if (telephone && (sameName || names === 'similar')) return 3;
  if (sameName && address && place) return 3;
  if (email || (telephone && (names === 'shorter' || names === 'unknown'))) return 2;
  if (names === 'similar' && address && place) return 2;
  if (sameName && place && !(moved && otherPeople)) return place === 'code' && !moved ? 2 : 1;
  return 0;
}
