import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageValues } from '../shared/errors.ts';
import { languageCodes } from './languages.ts';

/** A message, or its plural forms by the categories of Intl.PluralRules, chosen by `count`. */
type Entry = string | Partial<Record<Intl.LDMLPluralRule, string>>;
export type Catalogue = Map<string, Entry>;

/** Says a message by its key in one language. Numbers are written as the language writes them. */
export interface Translate {
  (key: string, values?: MessageValues): string;
  language: string;
}

export interface Texts {
  in(language: string): Translate;
}

/** Reads data/locales/LANGUAGE/*.json, when first asked for: flat files of key and message, one for each feature. */
export function loadTexts(directory: string): Texts {
  const languages = new Set(languageCodes);
  const catalogue = kept((code) => readCatalogue(join(directory, code)));
  const translate = kept((code) => translator(code, catalogue(code), catalogue('en')));
  return {
    in: (language) => translate(languages.has(language) ? language : 'en'),
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

function translator(language: string, own: Catalogue, fallback: Catalogue): Translate {
  const plurals = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  const say = (key: string, values?: MessageValues): string => {
    const entry = own.get(key) ?? fallback.get(key);
    if (entry === undefined) return key;
    const text =
      typeof entry === 'string' ? entry : (entry[plurals.select(Number(values?.count))] ?? entry.other ?? key);
    return values ? fill(text, values, numbers) : text;
  };
  return Object.assign(say, { language });
}

function fill(text: string, values: MessageValues, numbers: Intl.NumberFormat): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (typeof value === 'string') return value;
    // Small counts read the same in all of these languages, and Intl costs as much as the rest of a text.
    return Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : numbers.format(value);
  });
}
