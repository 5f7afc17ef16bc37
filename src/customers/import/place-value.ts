import { isTimeZone } from '../../shared/dates.ts';
import type { Cell } from './table.ts';
import { bad, cellText, fold, good, oneLine, type Parsed, remembering } from './text-value.ts';

/** Languages that customers are written to, now or later (BCP 47). */
export const LANGUAGE_CODES = 'en de nl nb es fr it pt-BR el ru ja ko zh-Hans zh-Hant hi cs sk bg'.split(' ');

/** The languages whose names and words files are read in. */
const READERS = ['en', 'de', 'nl', 'nb'];

const LANGUAGE_WORDS: Record<string, string> = {
  en: 'eng, british, american english, Britisch',
  de: 'ger, deu, Hochdeutsch',
  nl: 'dut, nld, Flemish, Vlaams, Flämisch, Belgisch Nederlands, flamsk',
  nb: 'no, nor, nob, Norwegian, Norwegisch, Noors, norsk, bokmål, norsk bokmål, Norwegian Bokmål',
  'pt-BR': 'pt, por, Portuguese, Portugiesisch, Portugees, portugisisk, Brazilian, português',
  'zh-Hans': 'zh, zh-CN, zho, chi, Chinese, Chinesisch, Chinees, kinesisk, Mandarin',
  'zh-Hant': 'zh-TW, zh-HK',
  es: 'spa, castellano',
  fr: 'fra, fre',
  it: 'ita',
  el: 'gr, ell, gre',
  ru: 'rus',
  ja: 'jp, jpn',
  ko: 'kr, kor',
  hi: 'hin',
  cs: 'cz, ces, cze',
  sk: 'slo, slk',
  bg: 'bul',
};

let languages: ReadonlyMap<string, string> | undefined;

/** A code of LANGUAGE_CODES from a code or a name in English, German, Dutch, Norwegian or itself; '' for an empty cell. */
export function parseLanguage(cell: Cell): Parsed<string> {
  return readLanguage(cellText(cell));
}

const readLanguage = remembering((written: string): Parsed<string> => {
  const text = oneLine(written);
  if (text === '') return good('');
  languages ??= languageNames();
  const code = languages.get(fold(text)) ?? languages.get(fold(text.split(/[-_]/)[0] ?? ''));
  return code === undefined ? bad('notALanguage') : good(code);
});

function languageNames(): Map<string, string> {
  const names = new Map<string, string>();
  for (const code of LANGUAGE_CODES) {
    const spoken = [...READERS, code].map((reader) => nameOf(reader, 'language', code));
    for (const name of [code, ...spoken, ...(LANGUAGE_WORDS[code] ?? '').split(',')]) names.set(fold(name), code);
  }
  names.delete('');
  return names;
}

const displayNames = new Map<string, Intl.DisplayNames>();

function nameOf(reader: string, type: 'language' | 'region', code: string): string {
  const key = `${reader} ${type}`;
  const display = displayNames.get(key) ?? new Intl.DisplayNames([reader], { type, fallback: 'none' });
  displayNames.set(key, display);
  return display.of(code) ?? '';
}

/** Codes that name no country of their own. Source: ISO 3166-1, exceptional reservations, and CLDR's own codes. */
const NO_COUNTRY = new Set('AC CP CQ DG EA EU EZ IC QO TA UN XA XB ZZ'.split(' '));

const COUNTRY_WORDS: Record<string, string> = {
  DE: 'DEU, GER, D, BRD, Bundesrepublik Deutschland, Federal Republic of Germany',
  AT: 'AUT, A',
  CH: 'CHE, Schweiz Suisse',
  LI: 'LIE, FL',
  NL: 'NLD, NED, Holland, The Netherlands, Niederlande',
  BE: 'BEL, B',
  LU: 'LUX, L',
  NO: 'NOR, N, Norge, Noreg',
  SE: 'SWE, S',
  DK: 'DNK, DEN',
  FI: 'FIN',
  GB: 'GBR, UK, U.K., Great Britain, Britain, England, Scotland, Wales, Northern Ireland, Großbritannien, Groot-Brittannië, Engeland, Storbritannia',
  IE: 'IRL, Republic of Ireland',
  US: 'USA, U.S., U.S.A., United States of America, America, Amerika, Vereinigte Staaten von Amerika',
  FR: 'FRA, F',
  ES: 'ESP, E',
  IT: 'ITA, I',
  PT: 'PRT, P',
  PL: 'POL',
  CZ: 'CZE, Czech Republic, Tschechische Republik, Tsjechische Republiek',
  SK: 'SVK',
  GR: 'GRC',
  BG: 'BGR',
  HU: 'HUN',
  RO: 'ROU',
  HR: 'HRV',
  SI: 'SVN',
  IS: 'ISL',
  EE: 'EST',
  LV: 'LVA',
  LT: 'LTU',
  TR: 'TUR, Turkey, Türkei, Turkije, Tyrkia',
  UA: 'UKR',
  RU: 'RUS, Russia',
  JP: 'JPN',
  KR: 'KOR, Korea, South Korea',
  CN: 'CHN',
  TW: 'TWN',
  HK: 'HKG, Hong Kong, Hongkong',
  IN: 'IND',
  BR: 'BRA',
  CA: 'CAN',
  AU: 'AUS',
  NZ: 'NZL',
};

let countries: { codes: ReadonlySet<string>; names: ReadonlyMap<string, string> } | undefined;

/** ISO 3166-1 alpha-2 from a code or a name in English, German, Dutch or Norwegian; '' for an empty cell. */
export function parseCountry(cell: Cell): Parsed<string> {
  return readCountry(cellText(cell));
}

const readCountry = remembering((written: string): Parsed<string> => {
  const text = oneLine(written);
  if (text === '') return good('');
  countries ??= countryNames();
  const code = text.toUpperCase();
  if (countries.codes.has(code)) return good(code);
  const named = countries.names.get(countryKey(text));
  return named === undefined ? bad('notACountry') : good(named);
});

/** Short codes keep every letter: folding would make A of AE. */
function countryKey(text: string): string {
  const letters = text.toUpperCase().replace(/[^A-Z]/g, '');
  return /^[A-Za-z. ]+$/.test(text) && letters.length <= 3 ? letters : fold(text);
}

function countryNames() {
  const codes = new Set<string>();
  const names = new Map<string, string>();
  for (let pair = 0; pair < 676; pair += 1) {
    const code = String.fromCharCode(65 + Math.floor(pair / 26), 65 + (pair % 26));
    const spoken = READERS.map((reader) => nameOf(reader, 'region', code));
    // An old or alternative code (UK, DD) is another name of the present one.
    if (spoken[0] === '' || NO_COUNTRY.has(code) || new Intl.Locale(`und-${code}`).region !== code) continue;
    codes.add(code);
    for (const name of spoken) names.set(countryKey(name), code);
  }
  for (const [code, words] of Object.entries(COUNTRY_WORDS)) {
    for (const word of words.split(',')) names.set(countryKey(word.trim()), code);
  }
  names.delete('');
  return { codes, names };
}

/** The zone's IANA name ('Europe/Oslo'); '' for an empty cell. */
export function parseTimeZone(cell: Cell): Parsed<string> {
  return readTimeZone(cellText(cell));
}

const readTimeZone = remembering((written: string): Parsed<string> => {
  const text = oneLine(written).replaceAll(' ', '_');
  if (text === '') return good('');
  if (!/^([A-Za-z]+\/[\w+/-]+|utc)$/i.test(text) || !isTimeZone(text)) return bad('notATimeZone');
  return good(new Intl.DateTimeFormat('en', { timeZone: text }).resolvedOptions().timeZone);
});
