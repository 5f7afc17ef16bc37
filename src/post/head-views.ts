import type { Company } from '../accounts/index.ts';
import { greetingLine, type Customer } from '../customers/index.ts';
import { directionOf, formatDay, type Translate } from '../i18n/index.ts';
import { addressLines } from './letter-rules.ts';

/** What stands around the words of every letter: who writes to whom, and when. */
export interface LetterHead {
  language: string;
  direction: 'ltr' | 'rtl';
  logo: { src: string; width: number; height: number; alt: string } | null;
  house: string;
  senderLine: string;
  address: string[];
  contact: string[];
  date: string;
  greeting: string;
  regards: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'post/head': LetterHead;
  }
}

/** @param today 'YYYY-MM-DD' @param t in the customer's language */
export function letterHead(company: Company, customer: Customer, today: string, t: Translate): LetterHead {
  const house = houseOf(company, t);
  const own = ownAddress(company);
  return {
    language: t.language,
    direction: directionOf(t.language),
    logo: company.logo && { ...company.logo.picture, alt: house },
    house,
    senderLine: [house, ...own].join(' · '),
    address: addressLines(customer, company.country, (code) => countryIn(code, company.defaultLanguage)),
    contact: [...own, company.telephone, company.email].filter(Boolean),
    date: formatDay(today, t.language),
    greeting: greetingLine(customer, t),
    regards: t('mail.regards'),
  };
}

/** Where the code of a letter is typed, short enough to be typed, too. */
export const codeAddress = (baseUrl: string): string => `${baseUrl.replace(/^https?:\/\//, '')}/p`;

const houseOf = (company: Company, t: Translate): string => company.name || t('mail.us');

export const ownAddress = ({ address }: Company): string[] =>
  address
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** In the language of the sender's country, whose post reads it first. */
const countryIn = (code: string, language: string): string =>
  new Intl.DisplayNames(language, { type: 'region', fallback: 'code' }).of(code) ?? code;
