import { signatureOf, type Company } from '../../accounts/index.ts';
import { greetingLine, type MailCustomer } from '../../customers/index.ts';
import { directionOf, type Translate } from '../../i18n/index.ts';
import type { Message } from '../../mailer/index.ts';
import type { Render } from '../../web/index.ts';

/** A personal letter of a few lines: perhaps with a button, perhaps with a way out. */
export interface NoteLetter {
  language: string;
  direction: 'ltr' | 'rtl';
  subject: string;
  greeting: string;
  before: string[];
  button: { href: string; text: string; orCopy: string } | null;
  after: string[];
  signature: string[];
  footer: { text: string; link: { href: string; text: string } | null } | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'mail/note': NoteLetter;
  }
}

/** Who writes: a colleague, or the business itself. */
export interface Signer {
  name: string;
  title: string;
  email: string;
}

export interface NoteGiven {
  customer: MailCustomer;
  company: Company;
  signer: Signer | undefined;
  subject: string;
  /** Paragraphs above and below the button. */
  before: string[];
  after?: string[];
  button?: { href: string; text: string };
  optOut?: { href: string; text: string };
}

export const namedIn = ({ givenName, familyName, organisation }: MailCustomer): string =>
  [givenName, familyName].filter(Boolean).join(' ') || organisation;

/** In the language of `t`: as text and as HTML, from a named person where there is one. */
export function noteMessage(given: NoteGiven, t: Translate, render: Render): Message {
  const { customer, company, signer, optOut } = given;
  const letter = noteOf(given, t);
  const replyTo = signer?.email || company.email;
  return {
    from: { name: [signer?.name ?? '', company.name].filter(Boolean).join(', ') },
    to: { name: namedIn(customer), address: customer.email },
    ...(replyTo && { replyTo }),
    subject: letter.subject,
    language: letter.language,
    text: plainText(letter),
    html: String(render('mail/note', letter, { t, csrf: '' })),
    ...(optOut && {
      headers: { 'List-Unsubscribe': `<${optOut.href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    }),
  };
}

/** As somebody reads it. */
export function noteOf({ customer, company, signer, ...given }: NoteGiven, t: Translate): NoteLetter {
  const { subject, before, after = [], button, optOut } = given;
  return {
    language: t.language,
    direction: directionOf(t.language),
    subject,
    greeting: greetingLine(customer, t),
    before,
    button: button ? { ...button, orCopy: t('mail.orCopy') } : null,
    after,
    signature: [t('mail.regards'), ...signatureOf(company, signer ?? { name: '', title: '' })],
    footer: button || optOut ? { text: button ? t('mail.confidential') : '', link: optOut ?? null } : null,
  };
}

function plainText({ greeting, before, button, after, signature, footer }: NoteLetter): string {
  const link = footer?.link;
  const parts = [
    greeting,
    ...before,
    ...(button ? [`${button.text}:\n${button.href}`] : []),
    ...after,
    signature.join('\n'),
    ...(footer?.text || link
      ? [['-- ', footer?.text ?? '', link ? `${link.text}: ${link.href}` : ''].filter(Boolean).join('\n')]
      : []),
  ];
  return `${parts.join('\n\n')}\n`;
}
