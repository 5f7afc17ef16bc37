/** Every text exists in every language, with the same placeholders; every key that code and templates name exists. */
import { globSync, readFileSync } from 'node:fs';
import { languageCodes } from '../src/i18n/index.ts';

type Entry = string | Record<string, string>;
const problems: string[] = [];

const catalogues = new Map(languageCodes.map((code) => [code, readCatalogue(code)]));

function readCatalogue(code: string): Map<string, Entry> {
  const found = new Map<string, Entry>();
  for (const file of globSync(`data/locales/${code}/*.json`).sort()) {
    const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>;
    for (const [key, entry] of Object.entries(entries)) {
      if (found.has(key)) problems.push(`${file}: ${key} stands twice`);
      found.set(key, entry);
    }
  }
  return found;
}

const placeholders = (entry: Entry): string =>
  [
    ...new Set(
      Object.values(typeof entry === 'string' ? { entry } : entry).flatMap((text) => text.match(/\{\w+\}/g) ?? []),
    ),
  ]
    .sort()
    .join(' ');

const english = catalogues.get('en') ?? new Map<string, Entry>();
for (const [code, catalogue] of catalogues) {
  for (const [key, entry] of english) {
    const own = catalogue.get(key);
    if (own === undefined) problems.push(`${code}: ${key} is missing`);
    else if (placeholders(own) !== placeholders(entry))
      problems.push(`${code}: ${key} has other placeholders than English`);
    else if (typeof own === 'object' && own.other === undefined) problems.push(`${code}: ${key} has no form "other"`);
    else if (Object.values(typeof own === 'string' ? { own } : own).some((text) => text.trim() === ''))
      problems.push(`${code}: ${key} is empty`);
  }
  for (const key of catalogue.keys()) if (!english.has(key)) problems.push(`${code}: ${key} does not exist in English`);
}

// What is said otherwise to customers whom one says du or je to: an exception of the text itself, with all that it fills in.
for (const file of globSync('data/locales/*/familiar/*.json').sort()) {
  const polite = catalogues.get(file.split('/')[2] ?? '');
  const entries = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Entry>;
  for (const [key, entry] of Object.entries(entries)) {
    const usual = polite?.get(key);
    if (usual === undefined) problems.push(`${file}: ${key} does not exist otherwise`);
    else if (placeholders(usual) !== placeholders(entry)) problems.push(`${file}: ${key} has other placeholders`);
    else if (typeof usual !== typeof entry) problems.push(`${file}: ${key} has other plural forms`);
    else if (JSON.stringify(usual) === JSON.stringify(entry)) problems.push(`${file}: ${key} says the same`);
  }
}

const NAMED = /\b(?:t|say)\(\s*['"]([a-zA-Z][\w-]*(?:\.[\w-]+)+)['"]/g;
const CARRIED =
  /\b(?:key|text|messageKey|message):\s*'([a-z][\w-]*(?:\.[\w-]+)+)'|new (?:NotFound|Conflict|Forbidden|Problem)\(\s*'([\w.-]+)'/g;
for (const file of [...globSync('src/**/*.ts'), ...globSync('views/**/*.ejs')]) {
  const source = readFileSync(file, 'utf8');
  const keys = [...source.matchAll(NAMED), ...(file.startsWith('src') ? source.matchAll(CARRIED) : [])].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  for (const key of new Set(keys)) if (!english.has(key)) problems.push(`${file}: there is no text ${key}`);
}

for (const each of problems) console.log(each);
process.exitCode = problems.length > 0 ? 1 : 0;
