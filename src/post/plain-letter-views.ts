import type { Company } from '../accounts/index.ts';
import type { Customer } from '../customers/index.ts';
import type { Texts, Translate } from '../i18n/index.ts';
import { inGroups } from './code-rules.ts';
import { codeAddress, letterHead, type LetterHead } from './head-views.ts';
import { qrMaker, type Qr } from './qr.ts';

/** A letter of one page, to be printed and put into an envelope with a window. */
interface PlainLetter extends LetterHead {
  subject: string;
  paragraphs: string[];
  signature: string[];
  online: { text: string; qr: Qr; link: string; codeTerm: string; code: string } | null;
}

export interface PlainLetterPage {
  title: string;
  language: string;
  css: string;
  lead: string;
  back: { href: string; text: string };
  letters: PlainLetter[];
}

declare module '../web/render.ts' {
  interface Templates {
    'post/plain': PlainLetterPage;
  }
}

interface PlainLetterGiven {
  customer: Customer;
  language: string;
  /** '' for a card. */
  subject: string;
  paragraphs: string[];
  sender: { name: string; title: string } | undefined;
  /** Where they can go on: behind a picture to scan, or by a code to type. */
  online?: { href: string; text: string; code: string };
}

interface Around {
  company: Company;
  texts: Texts;
  baseUrl: string;
  /** 'YYYY-MM-DD' */
  today: string;
  /** Where the reader came from. */
  back: PlainLetterPage['back'];
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
  return (css) => ({ title: t('post.plain.title'), language: t.language, css, lead, back: around.back, letters });
}

function plainLetter(
  given: PlainLetterGiven,
  { company, texts, baseUrl, today }: Around,
  qrOf: (text: string) => Qr,
): PlainLetter {
  const { customer, language, subject, paragraphs, sender, online } = given;
  const t = texts.to(language);
  const head = letterHead(company, customer, today, t);
  return {
    ...head,
    subject,
    paragraphs,
    signature: sender ? [sender.name, [sender.title, head.house].filter(Boolean).join(', ')] : [head.house],
    online: online
      ? {
          text: online.text,
          qr: qrOf(online.href),
          link: codeAddress(baseUrl),
          codeTerm: t('post.letter.code'),
          code: inGroups(online.code),
        }
      : null,
  };
}
