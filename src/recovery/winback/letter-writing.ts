import type { MailCustomer } from '../../customers/index.ts';
import { textIn } from '../../coding/index.ts';
import { formatDay, type Translate } from '../../i18n/index.ts';
import type { Composed } from '../../mailer/index.ts';
import { answersTo } from '../mail/rules.ts';
import { noteMessage, noteOf, type NoteGiven, type NoteLetter } from '../notes/note-mail.ts';
import { findGiven } from '../offers/given-store.ts';
import { findOffer } from '../offers/offer-store.ts';
import * as cases from './case-store.ts';
import type { WinbackDeps } from './deps.ts';
import type { LetterRow } from './letter-store.ts';

/** The kind of these letters in the outbox. */
export const LETTER = 'winback.letter';
/** What an opt-out link of these letters is signed for. */
export const OPT_OUT = 'winback';

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

  async function noteFor(letter: LetterRow, customer: MailCustomer, mention: Mention): Promise<NoteGiven> {
    const t = texts.to(letter.language);
    const company = await accounts.company();
    const signedBy = letter.sender_id === null ? undefined : await accounts.colleague(letter.sender_id);
    const values = { company: company.name || t('mail.us'), telephone: company.telephone, ...mention };
    const what = letter.kind === 'ask' && letter.apologises === 1 ? 'sorry' : letter.kind;
    const paragraphs = ['1', '2', '3'].map((number) => t(`winback.letter.${what}.${number}`, values));
    const reach = t(company.telephone ? 'winback.letter.reach' : 'winback.letter.reply', values);
    return {
      customer,
      company,
      signer: signedBy,
      subject: t(`winback.letter.${letter.kind}.subject`, values),
      before: [...paragraphs, reach],
      optOut: { text: t('winback.letter.optOut'), href: optOutLink(letter.id) },
    };
  }

  const written = async (letter: LetterRow, customer: MailCustomer, mention: Mention): Promise<NoteLetter> =>
    noteOf(await noteFor(letter, customer, mention), texts.to(letter.language));

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
    const note = noteMessage(await noteFor(letter, customer, mention), texts.to(letter.language), render);
    const replyTo = answersTo(deps, letter.case_id);
    return { ...note, ...(replyTo !== undefined && { replyTo }) };
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
