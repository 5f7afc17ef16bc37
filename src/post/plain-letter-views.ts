import type { Company } from '../accounts/index.ts';
import { greetingLine, type Customer } from '../customers/index.ts';
import { directionOf, formatDay, type Texts, type Translate } from '../i18n/index.ts';
import { addressLines } from './letter-rules.ts';
import { qrMaker, type Qr } from './qr.ts';

/** A letter of one page, to be printed and put into an envelope with a window. */
export interface PlainLetter {
  language: string;
  direction: 'ltr' | 'rtl';
  logo: { src: string; width: number; height: number; alt: string } | null;
  house: string;
  senderLine: string;
  address: string[];
  contact: string[];
  date: string;
  subject: string;
  greeting: string;
  paragraphs: string[];
  regards: string;
  signature: string[];
  online: { text: string; qr: Qr } | null;
}

export interface PlainLetterPage {
  title: string;
  language: string;
  css: string;
  lead: string;
  letters: PlainLetter[];
}

declare module '../web/render.ts' {
  interface Templates {
    'post/plain': PlainLetterPage;
  }
}

export interface PlainLetterGiven {
  customer: Customer;
  language: string;
  /** '' for a card. */
  subject: string;
  paragraphs: string[];
  sender: { name: string; title: string } | undefined;
  /** Where they can go on, behind a code to scan. */
  online?: { href: string; text: string };
}

interface Around {
  company: Company;
  texts: Texts;
  /** 'YYYY-MM-DD' */
  today: string;
}

/** Letters in a pile, each in its customer's language; what stands above them on the screen is the reader's. */
export async function plainLetterPage(
  given: PlainLetterGiven[],
  around: Around,
  t: Translate,
): Promise<(css: string) => PlainLetterPage> {
  const qrOf = await qrMaker();
  const letters = given.map((each) => plainLetter(each, around, qrOf));
  const lead = t('post.plain.lead', { count: letters.length });
  return (css) => ({ title: t('post.plain.title'), language: t.language, css, lead, letters });
}

function plainLetter(
  given: PlainLetterGiven,
  { company, texts, today }: Around,
  qrOf: (text: string) => Qr,
): PlainLetter {
  const { customer, language, subject, paragraphs, sender, online } = given;
  const t = texts.in(language);
  const house = company.name || t('mail.us');
  const own = company.address
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const region = new Intl.DisplayNames(company.defaultLanguage, { type: 'region', fallback: 'code' });
  return {
    language: t.language,
    direction: directionOf(t.language),
    logo: company.logo && { ...company.logo.picture, alt: house },
    house,
    senderLine: [house, ...own].join(' · '),
    address: addressLines(customer, company.country, (code) => region.of(code) ?? code),
    contact: [...own, company.telephone, company.email].filter(Boolean),
    date: formatDay(today, t.language),
    subject,
    greeting: greetingLine(customer, t),
    paragraphs,
    regards: t('mail.regards'),
    signature: sender ? [sender.name, [sender.title, house].filter(Boolean).join(', ')] : [house],
    online: online ? { text: online.text, qr: qrOf(online.href) } : null,
  };
}
