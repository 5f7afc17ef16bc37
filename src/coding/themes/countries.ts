import { nameKey } from '../engine/entity-merging.ts';

const LANGUAGES = ['en', 'de', 'nl', 'nb'];
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];

let known: Set<string> | null = null;

/** Countries are named in answers, too ("a call to Germany"), and are nobody's competitor. */
export function isCountry(name: string): boolean {
  known ??= new Set(LANGUAGES.flatMap(countriesIn).map(nameKey));
  return known.has(nameKey(name));
}

/** What this language calls the countries and territories of ISO 3166. */
function countriesIn(language: string): string[] {
  const names = new Intl.DisplayNames([language], { type: 'region', fallback: 'none' });
  return LETTERS.flatMap((first) => LETTERS.flatMap((second) => names.of(first + second) ?? []));
}
