import { greetingLine, type MailCustomer } from '../customers/index.ts';
import type { Message } from '../mailer/index.ts';
import { REMINDERS, type Version } from '../questionnaires/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { countOf, letterOf, plainText, type InvitationLetter } from './letter.ts';
import type { Wave } from './wave.ts';

type WritingDeps = Pick<
  InvitationsDeps,
  'texts' | 'render' | 'accounts' | 'questionnaires' | 'baseUrl' | 'minutesTaken'
>;

/** What one letter is. */
export interface LetterOptions {
  links: { questions: string; optOut: string };
  test: boolean;
  /** The reminder of that number instead of the invitation. */
  reminder?: number;
}

/** A letter of a wave to somebody, or to somebody made up; undefined where the questionnaire has no words for it. */
export async function writeLetter(
  deps: WritingDeps,
  wave: Wave,
  language: string,
  customer: MailCustomer | undefined,
  { links, test, reminder }: LetterOptions,
): Promise<InvitationLetter | undefined> {
  const { texts, accounts, questionnaires, baseUrl } = deps;
  const version = await questionnaires.version(wave.versionId);
  const mail = version && (await wordsOf(deps, version, language, reminder));
  if (!mail) return undefined;
  const t = texts.to(language, version.definition.familiar ?? []);
  const colleague = wave.senderAccountId ? await accounts.colleague(wave.senderAccountId) : undefined;
  const company = await accounts.company();
  const count = countOf(version.definition);
  const facts = {
    count,
    minutes: (await deps.minutesTaken?.({ ...version, count })) ?? version.definition.minutes,
    mail,
    greeting: greetingLine(customer ?? sampleOf(t('mail.test.familyName')), t),
    company,
    logo: company.logo && { ...company.logo.picture, src: `${baseUrl}${company.logo.picture.src}` },
    sender: { name: wave.senderName, title: colleague?.title ?? '' },
    links,
    test,
  };
  return letterOf(facts, t);
}

async function wordsOf(
  { questionnaires }: WritingDeps,
  { id, definition }: Version,
  language: string,
  reminder: number | undefined,
) {
  if (reminder === undefined) return definition.mail;
  const name = REMINDERS[reminder - 1];
  const words = await questionnaires.reminderWords(id, language);
  return name && words?.[name];
}

/** Somebody made up, where the audience has nobody for a language. */
function sampleOf(familyName: string) {
  return { title: '', givenName: 'Kim', familyName, organisation: '', greeting: 'formal' };
}

/** A letter as the mail that carries it. */
export async function messageOf(
  { texts, render, accounts }: WritingDeps,
  wave: Wave,
  letter: InvitationLetter,
  to: Message['to'],
): Promise<Message> {
  return {
    from: { name: [wave.senderName, (await accounts.company()).name].filter(Boolean).join(', ') },
    to,
    ...(wave.replyTo ? { replyTo: wave.replyTo } : {}),
    subject: letter.subject,
    text: plainText(letter),
    html: String(render('mail/invitation', letter, { t: texts.to(letter.language), csrf: '' })),
    language: letter.language,
  };
}
