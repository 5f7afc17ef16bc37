/** What the selects of the settings offer, named in the reader's language. Lists are made once for each language. */
export interface Choice {
  value: string;
  text: string;
}

/** Codes that name no country of today, or no country at all. */
const NO_COUNTRY = new Set(
  'AC AN BU CP CQ CS DD DG DY EA EU EZ FX HV IC NH QO RH SU TA TP UK UN VD XA XB YD YU ZR ZZ'.split(' '),
);
const LETTERS = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'];
const NEAREST_CURRENCIES = ['EUR', 'NOK', 'GBP', 'CHF', 'DKK', 'SEK', 'USD'];

const kept = new Map<string, Choice[]>();

function keptFor(key: string, make: () => Choice[]): Choice[] {
  let list = kept.get(key);
  if (!list) kept.set(key, (list = make()));
  return list;
}

function sorted(list: Choice[], language: string): Choice[] {
  const order = new Intl.Collator(language).compare;
  return list.sort((a, b) => order(a.text, b.text));
}

/** Every country by its ISO 3166 code, sorted as the language sorts. */
export function countries(language: string): Choice[] {
  return keptFor(`countries ${language}`, () => {
    const names = new Intl.DisplayNames(language, { type: 'region', fallback: 'none' });
    const codes = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
    const named = codes.map((code) => ({ value: code, text: names.of(code) ?? '' }));
    return sorted(
      named.filter(({ value, text }) => text !== '' && !NO_COUNTRY.has(value)),
      language,
    );
  });
}

export function isCountry(code: string): boolean {
  return countries('en').some(({ value }) => value === code);
}

/** Every currency by its ISO 4217 code, the likeliest first. */
export function currencies(language: string): Choice[] {
  return keptFor(`currencies ${language}`, () => {
    const names = new Intl.DisplayNames(language, { type: 'currency' });
    const others = Intl.supportedValuesOf('currency').filter((code) => !NEAREST_CURRENCIES.includes(code));
    return [...NEAREST_CURRENCIES, ...others].map((code) => ({
      value: code,
      text: `${code} – ${names.of(code) ?? ''}`,
    }));
  });
}

export function timeZones(): Choice[] {
  return keptFor('time zones', () =>
    ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')].map((zone) => ({
      value: zone,
      text: zone.replaceAll('_', ' '),
    })),
  );
}
