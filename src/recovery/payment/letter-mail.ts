import { timestamp } from '../../shared/clock.ts';
import type { Composed, Composer, MailState, OnState, Screening } from '../../mailer/index.ts';
import type { Translate } from '../../i18n/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { noteMessage } from '../notes/note-mail.ts';
import type { PaymentDeps } from './deps.ts';
import { paragraphs, type Letters, type LetterWords } from './letters.ts';
import { moveLetter } from './payment-store.ts';

/** Composes what waits in the outbox, and keeps the letter equal to its mail. */
export function createLetterMail(
  deps: PaymentDeps,
  letters: Letters,
): { compose: Composer; onState: OnState; screening: Screening } {
  const { storage, clock, texts, render, accounts, customers, cases } = deps;

  async function signerOf(theCase: RecoveryCase, customerId: string) {
    const contact = (await customers.find(customerId))?.contactAccountId ?? null;
    const id = theCase.ownerId ?? contact;
    return id === null ? undefined : await accounts.colleague(id);
  }

  async function compose(caseId: string, what: 'invite' | 'agreed'): Promise<Composed> {
    const [theCase, letter] = [await cases.find(storage.read, caseId), await letters.find(storage.read, caseId)];
    if (!theCase || !letter || theCase.state === 'closed') return { cancel: 'closed' };
    const customer = (await customers.forMail(storage.read, [letter.customer_id])).get(letter.customer_id);
    if (!customer || customer.erasedAt !== null || customer.email === '') return { cancel: 'gone' };
    const company = await accounts.company();
    const given = letters.wordsOf(letter, company.name);
    const t = texts.in(given.language);
    const button = { href: cases.linkFor(caseId), text: t(`payment.letter.button.${what}`) };
    const said = what === 'invite' ? given : agreedWords(t, company.name || t('mail.us'));
    const after = what === 'invite' ? [t('payment.letter.after')] : [];
    const signer = await signerOf(theCase, letter.customer_id);
    const { subject, words } = said;
    return noteMessage({ customer, company, signer, subject, before: paragraphs(words), button, after }, t, render);
  }

  return {
    async compose(mails) {
      const composed = new Map<string, Composed>();
      for (const { mailId, subjectId, detail } of mails) {
        const what = (detail as { what?: string }).what === 'agreed' ? 'agreed' : 'invite';
        composed.set(mailId, await compose(subjectId, what));
      }
      return composed;
    },
    async onState(tx, changes) {
      for (const { subjectId, state } of changes) await follow(tx, subjectId, state);
    },
    // The case may have been closed, or everything paid, since it was queued.
    screening: async () => {
      return await Promise.resolve(async (tx: Tx, mails: { mailId: string; subjectId: string }[]) => {
        const held = new Map<string, { cancel: string }>();
        for (const { mailId, subjectId } of mails) {
          const theCase = await cases.find(tx, subjectId);
          if (!theCase || theCase.closedAt !== null) held.set(mailId, { cancel: 'closed' });
        }
        return held;
      });
    },
  };

  async function follow(tx: Tx, caseId: string, state: MailState): Promise<void> {
    const at = timestamp(clock);
    if (state === 'queued' || state === 'sending') return;
    const sent = state === 'sent' ? { sent_at: at } : {};
    const moved = await moveLetter(tx, caseId, { from: ['queued', 'unknown'] }, { state, ...sent });
    if (!moved || state !== 'sent') return;
    const customerId = (await letters.find(tx, caseId))?.customer_id ?? '';
    await customers.recordEvents(tx, [{ customerId, kind: 'payment.invited', subjectId: caseId }]);
  }
}

function agreedWords(t: Translate, company: string): LetterWords {
  return { subject: t('payment.agreed.subject'), words: t('payment.agreed.words', { company }) };
}
