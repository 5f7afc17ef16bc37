import { greetingLine, type MailCustomer } from '../../customers/index.ts';
import { textIn } from '../../coding/index.ts';
import { formatDay, type Translate } from '../../i18n/index.ts';
import type { Composed } from '../../mailer/index.ts';
import { answersTo } from '../mail/rules.ts';
import { findGiven } from '../offers/given-store.ts';
import { findOffer } from '../offers/offer-store.ts';
import * as cases from './case-store.ts';
import type { WinbackDeps } from './deps.ts';
import type { LetterRow } from './letter-store.ts';

/** The kind of these letters in the outbox. */
export const LETTER = 'winback.letter';
/** What an opt-out link of these letters is signed for. */
export const OPT_OUT = 'winback';

/** A letter as somebody reads it. */
export interface WinbackLetter {
  language: string;
  subject: string;
  greeting: string;
  paragraphs: string[];
  signature: string[];
  optOut: { text: string; href: string };
}

declare module '../../web/render.ts' {
  interface Templates {
    'mail/winback': WinbackLetter;
  }
}

interface Mention {
  offer: string;
  code: string;
  until: string;
}

/** What the letters say, in the customer's language. */
export function createWriting(deps: WinbackDeps) {
  const { storage, texts, render, signer, baseUrl, accounts, customers } = deps;
  const { read } = storage;
  const optOutLink = (id: string) => `${baseUrl}/u/${signer.sign(OPT_OUT, id)}`;

  async function written(letter: LetterRow, customer: MailCustomer, mention: Mention): Promise<WinbackLetter> {
    const t = texts.to(letter.language);
    const company = await accounts.company();
    const sender = letter.sender_id === null ? undefined : await accounts.colleague(letter.sender_id);
    const house = company.name || t('mail.us');
    const values = { company: house, telephone: company.telephone, ...mention };
    const what = letter.kind === 'ask' && letter.apologises === 1 ? 'sorry' : letter.kind;
    const paragraph = ['1', '2', '3'].map((number) => t(`winback.letter.${what}.${number}`, values));
    const reach = t(company.telephone ? 'winback.letter.reach' : 'winback.letter.reply', values);
    return {
      language: letter.language,
      subject: t(`winback.letter.${letter.kind}.subject`, values),
      greeting: greetingLine(customer, t),
      paragraphs: [...paragraph, reach],
      signature: [
        t('mail.regards'),
        sender?.name ?? '',
        [sender?.title ?? '', company.name].filter(Boolean).join(', '),
      ].filter(Boolean),
      optOut: { text: t('winback.letter.optOut'), href: optOutLink(letter.id) },
    };
  }

  /** What the letter with an offer says of it. */
  async function mentionOf(letter: LetterRow, t: Translate): Promise<Mention | undefined> {
    if (letter.offer_given_id === null) return { offer: '', code: '', until: '' };
    const given = await findGiven(read, letter.offer_given_id);
    const offer = given?.state === 'given' ? await findOffer(read, given.offerId) : undefined;
    if (!given || !offer) return undefined;
    const code = given.code === '' ? '' : t('winback.letter.code', { code: given.code });
    return { offer: textIn(offer.name, t.language), code, until: formatDay(given.validUntil, t.language) };
  }

  async function compose(letter: LetterRow): Promise<Composed> {
    const customer = (await customers.forMail(read, [letter.customer_id])).get(letter.customer_id);
    const own = await cases.findCase(read, letter.case_id);
    const why = withdrawn(customer, own);
    const mention = await mentionOf(letter, texts.to(letter.language));
    if (why !== null || !customer || !mention) return { cancel: why ?? 'gone' };
    const text = await written(letter, customer, mention);
    const company = await accounts.company();
    const sender = letter.sender_id === null ? undefined : await accounts.colleague(letter.sender_id);
    const replyTo = answersTo(deps, letter.case_id) ?? (company.email || sender?.email);
    return {
      from: { name: [sender?.name, company.name].filter(Boolean).join(', ') },
      to: { name: nameOf(customer), address: customer.email },
      ...(replyTo ? { replyTo } : {}),
      subject: text.subject,
      text: plainText(text),
      html: String(render('mail/winback', text, { t: texts.to(text.language), csrf: '' })),
      language: text.language,
      headers: { 'List-Unsubscribe': `<${text.optOut.href}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' },
    };
  }

  return { written, mentionOf, compose };
}

/** Why nothing is written; null where it may be. */
export function withdrawn(customer: MailCustomer | undefined, own: cases.CaseRow | undefined): string | null {
  if (!customer || customer.erasedAt !== null) return 'gone';
  if (customer.unsubscribedAt !== null) return 'unsubscribed';
  if (customer.legalBasis === '') return 'no_legal_basis';
  if (customer.email === '') return 'no_address';
  return own?.state === 'open' ? null : 'over';
}

const nameOf = ({ givenName, familyName, organisation }: MailCustomer): string =>
  [givenName, familyName].filter(Boolean).join(' ') || organisation;

/** The text part: what a person would have typed. */
function plainText({ greeting, paragraphs, signature, optOut }: WinbackLetter): string {
  return `${[greeting, ...paragraphs, signature.join('\n'), `-- \n${optOut.text}: ${optOut.href}`].join('\n\n')}\n`;
}
