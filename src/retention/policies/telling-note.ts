import type { MailCustomer } from '../../customers/index.ts';
import type { Message } from '../../mailer/index.ts';
import { paragraphs } from '../../questionnaires/index.ts';
import { noteMessage } from '../../recovery/index.ts';
import type { RetentionDeps } from '../deps.ts';
import type { Wording } from '../wording.ts';
import type { Policy } from './policy.ts';

/** The message as somebody would get it. */
export type SampleMail = Pick<Message, 'from' | 'replyTo' | 'subject' | 'text' | 'language'>;

/** The message to one customer, signed by whoever answers for the policy; undefined without words in that language. */
export async function tellingNote(
  { texts, render, accounts }: RetentionDeps,
  policy: Policy,
  wording: Wording,
  { customer, language, optOutLink }: { customer: MailCustomer; language: string; optOutLink: string },
): Promise<Message | undefined> {
  const own = wording[language];
  if (!own) return undefined;
  const t = texts.to(language);
  const company = await accounts.company();
  const signer = await accounts.colleague(policy.ownerId);
  const optOut = { href: optOutLink, text: t('policies.mail.optOut') };
  const { subject = '', body = '' } = own;
  return noteMessage({ customer, company, signer, subject, before: paragraphs(body), optOut }, t, render);
}

/** The same to somebody made up. */
export async function sampleNote(
  deps: RetentionDeps,
  policy: Policy,
  wording: Wording,
  language: string,
): Promise<Message | undefined> {
  const customer = sampleCustomer(deps.texts.to(language)('mail.test.familyName'), language);
  return await tellingNote(deps, policy, wording, { customer, language, optOutLink: `${deps.baseUrl}/w/-` });
}

function sampleCustomer(familyName: string, language: string): MailCustomer {
  const name = { title: '', givenName: 'Kim', familyName, organisation: '', greeting: 'formal' };
  const facts = { country: '', timeZone: '', legalBasis: '' as const, unsubscribedAt: null, erasedAt: null };
  return { id: '', reference: '', email: '', language, ...name, ...facts };
}
