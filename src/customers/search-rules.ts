import type { CustomerFields } from './customer.ts';

const LONGEST = 400;
const MOST_WORDS = 6;

/** Lower case, without accents; ß, ø, æ, đ and ł as their plain letters. */
export function folded(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll('ø', 'o')
    .replaceAll('æ', 'ae')
    .replaceAll('đ', 'd')
    .replaceAll('ł', 'l')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '');
}

const words = (text: string) => folded(text).replace(/[^\p{L}\p{N}@._+-]+/gu, ' ');

type Searchable = Pick<
  CustomerFields,
  'organisation' | 'familyName' | 'givenName' | 'reference' | 'email' | 'city' | 'telephone'
>;

/** What the search box looks in, and what names are sorted by: the business's name, else the family name, comes first. */
export function searchText(of: Searchable): string {
  const parts = [of.organisation, of.familyName, of.givenName, of.reference, of.email, of.city].map(words);
  return [...parts.map((each) => each.trim()), digitsOf(of.telephone)].filter(Boolean).join(' ').slice(0, LONGEST);
}

export function digitsOf(telephone: string): string {
  return telephone.replace(/\D/g, '');
}

/** For LIKE with `\` as its escape: the text anywhere. */
function anywhere(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/**
 * For each word of a query the LIKE patterns of which one must fit: as typed, and with ae, oe, ue as people write
 * umlauts without the key for them.
 */
export function searchPatterns(query: string): string[][] {
  const typed = words(query).trim().split(' ').filter(Boolean).slice(0, MOST_WORDS);
  const patterns = typed.map((word) => [...new Set([word, word.replace(/(?<=[aou])e/g, '')])].map(anywhere));
  const digits = digitsOf(query);
  // A telephone number is typed with spaces, and kept without.
  return digits.length >= 5 && /^[\d\s()+/.-]+$/.test(query) ? [[anywhere(digits.replace(/^0+/, ''))]] : patterns;
}
