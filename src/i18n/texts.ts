import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageValues } from '../shared/errors.ts';
import { once } from '../shared/once.ts';
import { languageCodes } from './languages.ts';

/** A message, or its plural forms by the categories of Intl.PluralRules, chosen by `count`. */
type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
type Catalogue = Map<string, Entry>;

/** Says a message by its key in one language. Numbers are written as the language writes them. */
export interface Translate {
  (key: string, values?: MessageValues): string;
  language: string;
  /** Whether it says du or je where the language otherwise says Sie or u. */
  familiar: boolean;
}

export interface Texts {
  /** For whoever works here. */
  in(language: string): Translate;
  /** For customers, addressed as the business does; or familiarly in these languages, as what they are reading does. */
  to(language: string, familiar?: readonly string[]): Translate;
  /** From now on customers are addressed familiarly in these languages, and in no others. */
  address(familiar: readonly string[]): void;
  /** The same texts for another business in this process, which addresses its customers in its own way. */
  forBusiness(): Texts;
}

/**
 * Reads data/locales/LANGUAGE/*.json, when first asked for: flat files of key and message, one for each feature. What is
 * said otherwise to customers who are addressed familiarly stands in LANGUAGE/familiar/*.json.
 */
export function loadTexts(directory: string): Texts {
  const catalogue = kept((code) => readCatalogue(join(directory, code)));
  const polite = kept((code) => translator(code, false, catalogue(code), catalogue('en')));
  const familiar = kept((code) => {
    const own = new Map([...catalogue(code), ...readCatalogue(join(directory, code, 'familiar'))]);
    return translator(code, true, own, catalogue('en'));
  });
  return textsOf({ polite, familiar });
}

interface Translators {
  polite(code: string): Translate;
  familiar(code: string): Translate;
}

function textsOf(translators: Translators): Texts {
  const languages = new Set(languageCodes);
  let usual: readonly string[] = [];
  const known = (language: string) => (languages.has(language) ? language : 'en');
  return {
    in: (language) => translators.polite(known(language)),
    to: (language, familiar = usual) =>
      translators[familiar.includes(language) ? 'familiar' : 'polite'](known(language)),
    address: (familiar) => void (usual = familiar),
    forBusiness: () => textsOf(translators),
  };
}

/** What is made for a language the first time stays. */
function kept<Made>(make: (code: string) => Made): (code: string) => Made {
  const all = new Map<string, Made>();
  return (code) => {
    const made = all.get(code) ?? make(code);
    all.set(code, made);
    return made;
  };
}

function readCatalogue(directory: string): Catalogue {
  const files = globSync('*.json', { cwd: directory }).sort();
  return new Map(
    files.flatMap((file) =>
      Object.entries(JSON.parse(readFileSync(join(directory, file), 'utf8')) as Record<string, Entry>),
    ),
  );
}

function translator(language: string, familiar: boolean, own: Catalogue, fallback: Catalogue): Translate {
  // The first of each reads the language's rules, which would be a tenth of the start.
  const plurals = once(() => new Intl.PluralRules(language));
  const numbers = once(() => new Intl.NumberFormat(language));
  const say = (key: string, values?: MessageValues): string => {
    const entry = own.get(key) ?? fallback.get(key);
    if (entry === undefined) return key;
    const text =
      typeof entry === 'string' ? entry : (entry[plurals().select(Number(values?.count))] ?? entry.other ?? key);
    return values ? fill(text, values, numbers) : text;
  };
  return Object.assign(say, { language, familiar });
}

function fill(text: string, values: MessageValues, numbers: () => Intl.NumberFormat): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === 'string') return value;
    // Small counts read the same in all of these languages, and Intl costs as much as the rest of a text.
    return Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : numbers().format(value);
  });
}
