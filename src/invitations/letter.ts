import { signatureOf } from '../accounts/index.ts';
import { fillIn, paragraphs, type Definition, type Mail } from '../questionnaires/index.ts';
import { directionOf, type Translate } from '../i18n/index.ts';

/** An invitation as somebody reads it. */
export interface InvitationLetter {
  language: string;
  direction: 'ltr' | 'rtl';
  subject: string;
  preheader: string;
  /** Shown above the letter; in the text part, and where pictures are off, the business's name says the same. */
  logo: { src: string; width: number; height: number; alt: string } | null;
  greeting: string;
  /** Says that this is only a test; null in a real one. */
  note: string | null;
  before: string[];
  button: { text: string; href: string };
  orCopy: string;
  after: string[];
  /** Lines: the regards, then who writes. */
  signature: string[];
  confidential: string;
  optOut: { text: string; href: string };
}

declare module '../web/render.ts' {
  interface Templates {
    'mail/invitation': InvitationLetter;
  }
}

interface LetterFacts {
  /** How many questions everybody is asked, and how long they take. */
  count: number;
  minutes: number;
  /** Which of its mails: the invitation, or a reminder. */
  mail: Mail;
  greeting: string;
  company: { name: string; address: string };
  logo: Omit<NonNullable<InvitationLetter['logo']>, 'alt'> | null;
  sender: { name: string; title: string };
  links: { questions: string; optOut: string };
  test: boolean;
}

/** How many questions everybody is asked. */
export const countOf = ({ questions }: Definition): number => questions.filter(({ condition }) => !condition).length;

/** The invitation or a reminder in the language of `t`, with the wording of the questionnaire. */
export function letterOf(
  { count, minutes, mail, greeting, company, logo, sender, links, test }: LetterFacts,
  t: Translate,
): InvitationLetter {
  const values = { company: company.name || t('mail.us'), sender: sender.name, count, minutes };
  const say = (texts: Record<string, string>) => fillIn(texts[t.language] ?? '', values);
  return {
    language: t.language,
    direction: directionOf(t.language),
    subject: test ? t('mail.test.subject', { subject: say(mail.subject) }) : say(mail.subject),
    preheader: say(mail.preheader),
    logo: logo && { ...logo, alt: values.company },
    greeting,
    note: test ? t('mail.test.note') : null,
    before: paragraphs(say(mail.body)),
    button: { text: say(mail.button), href: links.questions },
    orCopy: t('mail.orCopy'),
    after: paragraphs(say(mail.after)),
    signature: [t('mail.regards'), ...signatureOf(company, sender)],
    confidential: t('mail.confidential'),
    optOut: { text: t('mail.optOut'), href: links.optOut },
  };
}

/** The text part: what a person would have typed. */
export function plainText(letter: InvitationLetter): string {
  const { greeting, note, before, button, after, signature, confidential, optOut } = letter;
  const parts = [
    ...(note === null ? [] : [note]),
    greeting,
    ...before,
    `${button.text}:\n${button.href}`,
    ...after,
    signature.join('\n'),
    `-- \n${confidential}\n${optOut.text}: ${optOut.href}`,
  ];
  return `${parts.join('\n\n')}\n`;
}
