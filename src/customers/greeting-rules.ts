import type { Translate } from '../i18n/index.ts';
import type { Customer } from './customer.ts';

/** What a greeting needs to know. `greeting` is 'formal', 'familiar', or a greeting written out by a person. */
export type Greeted = Pick<Customer, 'title' | 'givenName' | 'familyName' | 'organisation' | 'greeting'> & {
  country?: string;
};

/**
 * The first line of a letter in the language of `t`: "Guten Tag Frau Brandes,", "Dear Ms Brandes,",
 * "Beste mevrouw De Vries,", "Hei Kari". Always one line. A greeting written out by a person is taken as it stands;
 * without a name that is fit to print it greets politely without one. Where the business says du or je to its customers,
 * they are greeted by their given names.
 */
export function greetingLine(customer: Greeted, t: Translate): string {
  return lineOf(customer, t, 'named');
}

/** The same as one says it on the telephone: "Hello Ms Brandes,", "Goedendag mevrouw De Vries,". */
export function spokenGreeting(customer: Greeted, t: Translate): string {
  return lineOf(customer, t, 'spoken');
}

function lineOf(customer: Greeted, t: Translate, way: 'named' | 'spoken'): string {
  const written = oneLine(customer.greeting);
  if (written !== '' && written !== 'formal' && written !== 'familiar') return written;
  const name = nameOf(customer, t.language);
  if ((written === 'familiar' || t.familiar) && name.given)
    return t('customers.greeting.familiar', { name: name.given });
  // "Hello Ms Brandes" above a letter that says du would be neither.
  if (t.familiar) return t('customers.greeting.plain');
  const polite = politeName(name, t);
  return polite ? t(`customers.greeting.${way}`, { name: polite }) : t('customers.greeting.plain');
}

interface Name {
  given: string;
  family: string;
  gender: 'woman' | 'man' | null;
  rank: 'professor' | 'doctor' | null;
  /** In Belgium the small words of a name are written as registered. */
  keepsCase: boolean;
}

/** How they are addressed behind the word of greeting, or undefined where nothing polite is known. */
function politeName(name: Name, t: Translate): string | undefined {
  if (t.language === 'nb' || name.family === '') return name.given || undefined;
  const family = t.language === 'nl' && !name.keepsCase ? capitalised(name.family) : name.family;
  const ranked = name.rank ? t(`customers.greeting.${name.rank}`, { name: family }) : family;
  if (name.rank && (t.language === 'en' || !name.gender)) return ranked;
  // Dutch does not put a rank behind "mevrouw"; German does.
  if (name.gender) return t(`customers.greeting.${name.gender}`, { name: t.language === 'nl' ? family : ranked });
  return name.given ? `${name.given} ${name.family}` : undefined;
}

function nameOf({ title, givenName, familyName, country }: Greeted, language: string): Name {
  const words = title.toLowerCase().split(/[\s.,/&+]+/);
  // In Dutch "mr." is a lawyer, woman or man.
  const genders = new Set(
    words.flatMap((word) => (language === 'nl' && word === 'mr' ? [] : (GENDERS.get(word) ?? []))),
  );
  return {
    given: printable(givenName),
    family: turned(printable(familyName)),
    gender: genders.size === 1 ? ([...genders][0] ?? null) : null,
    rank: words.some((word) => /^prof(essor)?(in)?$/.test(word)) ? 'professor' : words.some(isDoctor) ? 'doctor' : null,
    keepsCase: country === 'BE',
  };
}

const WOMAN = 'frau fr fräulein ms mrs miss madam madame mme mevrouw mevr mvr mw fru frk frøken sra señora signora';
const MAN = 'herr herrn hr mr mister sir meneer mijnheer dhr heer herre monsieur sr señor signor';

const GENDERS = new Map<string, 'woman' | 'man'>([
  ...WOMAN.split(' ').map((word) => [word, 'woman'] as const),
  ...MAN.split(' ').map((word) => [word, 'man'] as const),
]);

function isDoctor(word: string): boolean {
  return /^(dr|do[ck]tor(in)?)$/.test(word);
}

/** Names come from forms and files: one that would make a link or break the line is not printed in a letter. */
function printable(name: string): string {
  const line = oneLine(name);
  return line.length > 60 || /[:/\\@<>{}[\]|#=]|\.\p{L}{2,}/u.test(line) ? '' : line;
}

function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ').trim();
}

const SMALL_WORD = "(?:van|von|de|den|der|het|'t|’t|ten|ter|te|op|in|aan|bij|uit|voor|la|le|du|des|di|da|d['’]|l['’])";
const TURNED = new RegExp(`^(\\S.*), (${SMALL_WORD}(?: ${SMALL_WORD})*)$`, 'i');
const BEGINS_SMALL = new RegExp(`^(?:${SMALL_WORD}(?=\\s)|[dl]['’](?=\\p{L}))`, 'u');

/** As lists are sorted: "Vries, de" is "de Vries". */
function turned(family: string): string {
  return family.replace(TURNED, '$2 $1');
}

/** After "mevrouw" the first small word of a name takes a capital, but not the 't of "'t Hart". Source: Taaladvies.net. */
function capitalised(family: string): string {
  return BEGINS_SMALL.test(family) ? family.charAt(0).toUpperCase() + family.slice(1) : family;
}
