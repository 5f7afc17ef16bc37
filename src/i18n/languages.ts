interface Language {
  code: string;
  /** As its speakers call it. */
  name: string;
  direction: 'ltr' | 'rtl';
}

/** Languages that the product's own texts exist in, for customers and staff alike. */
export const languages: Language[] = [
  { code: 'en', name: 'English', direction: 'ltr' },
  { code: 'de', name: 'Deutsch', direction: 'ltr' },
  { code: 'nl', name: 'Nederlands', direction: 'ltr' },
  { code: 'nb', name: 'Norsk', direction: 'ltr' },
];

/** How one says "you": politely, or as among friends. Other languages have one word for everybody, or Norwegian's du. */
export const ADDRESSES: Record<string, { polite: string; familiar: string }> = {
  de: { polite: 'Sie', familiar: 'du' },
  nl: { polite: 'u', familiar: 'je' },
};

export const languageCodes = languages.map((each) => each.code);

export function isLanguage(code: unknown): code is string {
  return typeof code === 'string' && languageCodes.includes(code);
}

/** As its speakers call it, also where the product has no texts in it. */
export function languageName(code: string): string {
  return languages.find((each) => each.code === code)?.name ?? ownName(code);
}

const named = new Map<string, Intl.DisplayNames>();

/** As the reader's language calls it; a form or an address can name anything, which is then called as it is. */
function nameIn(type: 'language' | 'region', code: string, reader: string): string {
  const key = `${type} ${reader}`;
  const names = named.get(key) ?? new Intl.DisplayNames(reader, { type });
  named.set(key, names);
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

/** In a sentence: 'German', 'Duits', 'tysk'. 'Norwegian', not 'Norwegian Bokmål': nobody asks in the other one. */
export const languageIn = (code: string, reader: string): string =>
  code === 'nb' ? nameIn('language', 'no', reader) : nameIn('language', code, reader);

export const countryIn = (code: string, reader: string): string => nameIn('region', code, reader);

function ownName(code: string): string {
  try {
    const name = new Intl.DisplayNames(code, { type: 'language' }).of(code) ?? code;
    return name.charAt(0).toLocaleUpperCase(code) + name.slice(1);
  } catch {
    return code;
  }
}

export function directionOf(code: string): 'ltr' | 'rtl' {
  return languages.find((each) => each.code === code)?.direction ?? 'ltr';
}

/**
 * The offered language that a browser's Accept-Language asks for most, else the fallback.
 * Norwegian is asked for as nb, nn or no.
 */
export function negotiate(header: string | undefined, offered: string[], fallback: string): string {
  const wanted = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...rest] = part.trim().split(';');
      const quality = rest.map((each) => /^\s*q=([\d.]+)/.exec(each)?.[1]).find(Boolean);
      return { tag: tag.toLowerCase(), quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((each) => each.tag !== '' && each.quality > 0)
    .sort((a, b) => b.quality - a.quality);
  for (const { tag } of wanted) {
    const base = tag.split('-')[0] ?? '';
    const code = base === 'no' || base === 'nn' ? 'nb' : base;
    if (offered.includes(code)) return code;
  }
  return fallback;
}
