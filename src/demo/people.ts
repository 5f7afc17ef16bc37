import { addDays } from '../shared/dates.ts';
import type { DemoContent, DemoLanguage, Segment } from './content.ts';
import type { DemoCustomer } from './model.ts';
import type { Random } from './random.ts';

/** Somebody before they have bought or left anything. */
export type Person = Omit<DemoCustomer, 'reference' | 'status' | 'left_on' | 'yearly_value_minor'>;

const LANGUAGES: { language: DemoLanguage; weight: number }[] = [
  { language: 'de', weight: 50 },
  { language: 'nl', weight: 17 },
  { language: 'nb', weight: 17 },
  { language: 'en', weight: 16 },
];

const COUNTRIES: Record<DemoLanguage, { country: string; weight: number }[]> = {
  de: [
    { country: 'DE', weight: 92 },
    { country: 'AT', weight: 5 },
    { country: 'CH', weight: 3 },
  ],
  nl: [
    { country: 'NL', weight: 82 },
    { country: 'BE', weight: 18 },
  ],
  nb: [{ country: 'NO', weight: 1 }],
  en: [
    { country: 'GB', weight: 60 },
    { country: 'IE', weight: 25 },
    { country: 'DE', weight: 15 },
  ],
};

const TITLES: Record<DemoLanguage, { woman: string; man: string; doctor: (title: string) => string }> = {
  de: { woman: 'Frau', man: 'Herr', doctor: (title) => `${title} Dr.` },
  en: { woman: 'Ms', man: 'Mr', doctor: () => 'Dr' },
  nl: { woman: 'mevrouw', man: 'de heer', doctor: (title) => `${title} dr.` },
  nb: { woman: '', man: '', doctor: () => '' },
};

interface Source {
  content: DemoContent;
  random: Random;
}

/** Hands out what may be used once: e-mail addresses and the names of businesses. */
export function createPeople(content: DemoContent, today: string, random: Random) {
  const source = { content, random };
  const emails = new Set<string>();
  const businesses = new Map<string, string[]>();

  return { next };

  function next(): Person {
    const { language } = random.weighted(LANGUAGES);
    const segment = segmentOf(source);
    const name = nameOf(language, source);
    const organisation = segment === 'household' ? '' : businessOf(language, segment, name.family_name);
    const customer_since = addDays(today, -daysAsCustomer(random));
    return {
      ...name,
      organisation,
      email: emailOf(organisation ? `${name.given_name} ${organisation}` : `${name.given_name}.${name.family_name}`),
      ...placeOf(language, source),
      language,
      customer_since,
      segment,
      tags: tagsOf(segment, source),
      ...basisOf(segment, customer_since, source),
      contact: random.pick(content.profile.staff.filter((one) => one.contact_for.includes(language))).key,
      notes: random.chance(0.05) ? random.pick(content.products.notes[language]) : '',
    };
  }

  function businessOf(language: DemoLanguage, segment: 'office' | 'gastronomy', family: string): string {
    const key = `${language} ${segment}`;
    const left = businesses.get(key) ?? random.shuffled(content.names[language][segment]);
    const name = left.pop() ?? OWN_NAME[language][segment](family);
    businesses.set(key, left);
    return name;
  }

  function emailOf(text: string): string {
    const stem = ascii(text);
    let local = stem;
    for (let number = 2; emails.has(local); number++) local = `${stem}${number}`;
    emails.add(local);
    return `${local}@example.com`;
  }
}

function segmentOf({ content, random }: Source): Segment {
  const { household, office, gastronomy } = content.products.segments;
  return random.weighted([
    { segment: 'household' as const, weight: household.share },
    { segment: 'office' as const, weight: office.share },
    { segment: 'gastronomy' as const, weight: gastronomy.share },
  ]).segment;
}

function nameOf(language: DemoLanguage, { content, random }: Source) {
  const groups = content.names[language].people;
  const group = random.weighted(groups);
  // Families marry across groups, so that given and family names mix now and then.
  const families = random.chance(0.06) ? random.weighted(groups).family : group.family;
  const gender: 'woman' | 'man' = random.chance(0.54) ? 'woman' : 'man';
  const { [gender]: plain, doctor } = TITLES[language];
  return {
    gender,
    title: random.chance(0.04) ? doctor(plain) : plain,
    given_name: random.pick(gender === 'woman' ? group.women : group.men),
    family_name: random.chance(0.03) ? doubled(families, random) : random.pick(families),
  };
}

function doubled(families: readonly string[], random: Random): string {
  const [first = '', second = ''] = random.shuffled(families.filter((name) => !/[- ]/.test(name)));
  return second ? `${first}-${second}` : first || random.pick(families);
}

/** Telephone numbers are of ranges kept for fiction, or, where a country keeps none, of such as cannot be dialled. */
function placeOf(language: DemoLanguage, { content, random }: Source) {
  const { country } = random.weighted(COUNTRIES[language]);
  const place = content.places[country];
  if (!place) throw new RangeError(`no places for ${country}`);
  const { city, postal_code, region } = random.weighted(place.towns);
  const street = random.pick(place.streets).replace('{n}', String(random.int(1, 148)));
  const digits = String(random.int(0, 999)).padStart(3, '0');
  const telephone = random.pick(place.telephones).replace('{3}', digits);
  return { street, postal_code, city, region, country, time_zone: place.time_zone, telephone };
}

/** From two months to sixteen years; the median is about three and a half years. */
function daysAsCustomer(random: Random): number {
  return Math.min(5800, Math.max(60, Math.round(1280 * random.lognormal(0.8))));
}

function tagsOf(segment: Segment, { content, random }: Source): string[] {
  return random.shuffled(content.products.tags[segment]).slice(0, random.pick([0, 1, 1, 1, 2, 2, 3]));
}

function basisOf(segment: Segment, customer_since: string, { content, random }: Source) {
  const bases = ['contract', 'contract', 'existing_customer', 'consent'] as const;
  const legal_basis = segment === 'household' ? random.pick(bases) : ('contract' as const);
  const legal_basis_source = random.pick(content.products.basis_sources[legal_basis]);
  return { legal_basis, legal_basis_source, legal_basis_on: customer_since };
}

/** Businesses beyond the written lists carry the name of the person who runs them. */
const OWN_NAME: Record<DemoLanguage, Record<'office' | 'gastronomy', (family: string) => string>> = {
  de: { office: (family) => `Büro ${family}`, gastronomy: (family) => `Gasthaus ${family}` },
  en: { office: (family) => `${family} & Partners`, gastronomy: (family) => `${family}’s Kitchen` },
  nl: { office: (family) => `Kantoor ${family}`, gastronomy: (family) => `Eethuis ${family}` },
  nb: { office: (family) => `${family} & Co AS`, gastronomy: (family) => `${family} kafé` },
};

const LETTERS: Record<string, string> = {
  ä: 'ae',
  ö: 'oe',
  ü: 'ue',
  ß: 'ss',
  ø: 'o',
  å: 'a',
  æ: 'ae',
  ł: 'l',
  đ: 'd',
  ı: 'i',
};

export function ascii(name: string): string {
  const spelt = name.toLowerCase().replace(/[äöüßøåæłđı]/g, (letter) => LETTERS[letter] ?? letter);
  const plain = spelt.normalize('NFD').replace(/[^a-z0-9. -]/g, '');
  return plain
    .replace(/\.? +/g, '-')
    .replace(/-{2,}/g, '-')
    .replace(/^[.-]+|[.-]+$/g, '')
    .slice(0, 48);
}
