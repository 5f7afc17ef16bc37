import { timestamp } from '../../shared/clock.ts';
import type { Composed, Composer, MailState, OnState, Screening } from '../../mailer/index.ts';
import type { Translate } from '../../i18n/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { answersTo } from '../mail/rules.ts';
import { noteMessage, type Signer } from '../notes/note-mail.ts';
import type { PaymentDeps } from './deps.ts';
import { paragraphs, wordsOf, type LetterWords } from './letter-words.ts';
import { findLetters, moveLetter } from './payment-store.ts';

/** Composes what waits in the outbox. */
export const composeLetters =
  (deps: PaymentDeps): Composer =>
  async (mails) => {
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const what = (detail as { what?: string }).what === 'agreed' ? 'agreed' : 'invite';
      composed.set(mailId, await composeOne(deps, subjectId, what));
    }
    return composed;
  };

async function composeOne(deps: PaymentDeps, caseId: string, what: 'invite' | 'agreed'): Promise<Composed> {
  const { storage, texts, render, accounts, customers, cases } = deps;
  const { read } = storage;
  const theCase = await cases.find(read, caseId);
  const letter = (await findLetters(read, [caseId])).get(caseId);
  if (!theCase || !letter || theCase.state === 'closed') return { cancel: 'closed' };
  const customer = (await customers.forMail(read, [letter.customer_id])).get(letter.customer_id);
  if (!customer || customer.erasedAt !== null || customer.email === '') return { cancel: 'gone' };
  const company = await accounts.company();
  const invitation = wordsOf(texts, letter, company.name);
  const t = texts.to(invitation.language);
  const { subject, words } = what === 'invite' ? invitation : agreedWords(t, company.name || t('mail.us'));
  const button = { href: cases.linkFor(caseId), text: t(`payment.letter.button.${what}`) };
  const after = what === 'invite' ? [t('payment.letter.after')] : [];
  const signer = await signerOf(deps, theCase, letter.customer_id);
  const note = { customer, company, signer, subject, before: paragraphs(words), button, after };
  const replyTo = answersTo(deps, caseId);
  return { ...noteMessage(note, t, render), ...(replyTo !== undefined && { replyTo }) };
}

function agreedWords(t: Translate, company: string): LetterWords {
  return { subject: t('payment.agreed.subject'), words: t('payment.agreed.words', { company }) };
}

/** Whoever has the case, else the customer's contact. */
async function signerOf(
  { customers, accounts }: PaymentDeps,
  { ownerId }: RecoveryCase,
  customerId: string,
): Promise<Signer | undefined> {
  const id = ownerId ?? (await customers.find(customerId))?.contactAccountId ?? null;
  return id === null ? undefined : await accounts.colleague(id);
}

/** Keeps the letter equal to its mail. */
export const followLetters =
  (deps: PaymentDeps): OnState =>
  async (tx, changes) => {
    for (const { subjectId, state } of changes) await followOne(deps, tx, subjectId, state);
  };

async function followOne({ clock, customers }: PaymentDeps, tx: Tx, caseId: string, state: MailState): Promise<void> {
  if (state === 'queued' || state === 'sending') return;
  const sent = state === 'sent' ? { sent_at: timestamp(clock) } : {};
  const moved = await moveLetter(tx, caseId, { from: ['queued', 'unknown'] }, { state, ...sent });
  if (!moved || state !== 'sent') return;
  const customerId = (await findLetters(tx, [caseId])).get(caseId)?.customer_id ?? '';
  await customers.recordEvents(tx, [{ customerId, kind: 'payment.invited', subjectId: caseId }]);
}

/** The case may have been closed, or everything paid, since the letter was queued. */
export const screenLetters =
  ({ cases }: PaymentDeps): Screening =>
  () =>
    Promise.resolve(async (tx, mails) => {
      const held = new Map<string, { cancel: string }>();
      for (const { mailId, subjectId } of mails) {
        const theCase = await cases.find(tx, subjectId);
        if (!theCase || theCase.closedAt !== null) held.set(mailId, { cancel: 'closed' });
      }
      return held;
    });
