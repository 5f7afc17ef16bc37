import { countries } from '../accounts/index.ts';
import { formatDay, formatMoment, isLanguage, languageIn, languageName, languages } from '../i18n/index.ts';
import type { MessageValues } from '../shared/errors.ts';
import { isPlainDate } from '../shared/dates.ts';
import { formatMoney } from '../shared/money.ts';
import type { Staff } from '../web/index.ts';
import { LANGUAGE_CODES } from './fields.ts';

/** The currency, time zone and language that somebody on the staff reads in. */
export type Reader = Pick<Staff, 't' | 'language' | 'currency' | 'timeZone'>;

export interface Choice {
  value: string;
  text: string;
}

export function countryName(code: string, language: string): string {
  return countries(language).find(({ value }) => value === code)?.text ?? code;
}

export function languageNameIn(code: string, language: string): string {
  return code === '' ? '' : languageIn(code, language);
}

/** First the languages that letters are written in today, by their own names; then those to come. */
export function languageChoices(language: string): Choice[] {
  const others = LANGUAGE_CODES.filter((code) => !isLanguage(code));
  return [
    ...languages.map(({ code }) => ({ value: code, text: languageName(code) })),
    ...others.map((code) => ({ value: code, text: languageNameIn(code, language) })),
  ];
}

export const money = (minor: number, { currency, language }: Reader) => formatMoney(minor, currency, language);

/** A plain date or a timestamp, as the reader's language writes it. */
export function when(at: string, { language, timeZone }: Reader): string {
  return at.length === 10 ? formatDay(at, language) : formatMoment(at, language, timeZone);
}

/** What the text of an event is filled with: days and amounts as people write them. */
export function eventValues(detail: Record<string, string | number>, reader: Reader): MessageValues {
  const entries = Object.entries(detail).map(([name, value]): [string, string | number] => {
    if (name === 'amountMinor') return ['amount', money(Number(value), reader)];
    return [name, typeof value === 'string' && isPlainDate(value) ? formatDay(value, reader.language) : value];
  });
  return Object.fromEntries(entries);
}

export function listed(words: string[], language: string): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(words);
}

/** How somebody told us: 'by a link', 'in person' ...; 'HOW.interface' where a program noted it. */
export function howOf(how: string | number | undefined, { t }: Reader): string {
  const [word = '', noted] = String(how ?? '').split('.');
  const key = `customers.how.${word}`;
  const said = t(key) === key ? t('customers.how.other') : t(key);
  return noted === 'interface' ? t('customers.how.interface', { how: said }) : said;
}
