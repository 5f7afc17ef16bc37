import type { Colleague, Company } from '../../accounts/index.ts';
import type { MailCustomer } from '../../customers/index.ts';
import { directionOf, type Translate } from '../../i18n/index.ts';
import type { Message } from '../../mailer/index.ts';
import type { Render } from '../../web/index.ts';
import { namedIn } from '../notes/note-mail.ts';
import { paragraphsOf } from './rules.ts';

/** A colleague's own words, with who they are below. */
export interface CaseLetter {
  language: string;
  direction: 'ltr' | 'rtl';
  subject: string;
  paragraphs: string[][];
  /** Lines: the regards, the name, the business. */
  signature: string[];
  /** Says how an answer reaches the same person, then the imprint, line by line. */
  footer: string[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'mail/case-letter': CaseLetter;
  }
}

interface Written {
  subject: string;
  words: string;
  number: number;
  to: MailCustomer;
  writer: Pick<Colleague, 'name' | 'title'> | undefined;
  company: Company;
  /** Whether answers find the case by themselves. */
  finds: boolean;
}

/** In the language of `t`. */
function caseLetter({ subject, words, number, writer, company, finds }: Written, t: Translate): CaseLetter {
  const house = company.name || t('mail.us');
  const imprint = (company.imprint[t.language] || company.address).split('\n').map((line) => line.trim());
  return {
    language: t.language,
    direction: directionOf(t.language),
    subject,
    paragraphs: paragraphsOf(words),
    signature: [t('mail.regards'), writer?.name ?? '', [writer?.title, house].filter(Boolean).join(', ')].filter(
      Boolean,
    ),
    footer: [t(finds ? 'casemail.letter.answer' : 'casemail.letter.number', { number }), ...imprint].filter(Boolean),
  };
}

export function caseMessage(written: Written, t: Translate, render: Render): Message {
  const { to, writer, company } = written;
  const letter = caseLetter(written, t);
  return {
    from: { name: [writer?.name ?? '', company.name].filter(Boolean).join(', ') },
    to: { name: namedIn(to) || to.familyName, address: to.email },
    subject: letter.subject,
    text: plainText(letter),
    html: String(render('mail/case-letter', letter, { t, csrf: '' })),
    language: t.language,
  };
}

function plainText({ paragraphs, signature, footer }: CaseLetter): string {
  const parts = [...paragraphs.map((lines) => lines.join('\n')), signature.join('\n'), `-- \n${footer.join('\n')}`];
  return `${parts.join('\n\n')}\n`;
}
