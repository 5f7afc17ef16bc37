import { timestamp } from '../../shared/clock.ts';
import type { Composed, Composer, OnState, Screening } from '../../mailer/index.ts';
import { noteMessage } from '../../recovery/index.ts';
import type { Translate } from '../../i18n/index.ts';
import type { Db } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { screenedBy } from '../screening.ts';
import { findGreetings, moveGreetings, type GreetingRow } from './anniversary-store.ts';
import type { Enclosing, Enclosure } from './enclosing.ts';
import type { Hindrance } from './rules.ts';

/** The kind of mail. */
export const GREETING = 'attentions.greeting';

interface Parts {
  enclosing: Enclosing;
  optOutLink(greetingId: string): string;
  /** What stands against a greeting now, by customer. */
  hindrances(db: Db, customerIds: string[]): Promise<Map<string, Hindrance | null>>;
}

/** The words of a card: a line, and paragraphs. */
export function cardWords(
  t: Translate,
  { years, reward, use }: Pick<GreetingRow, 'years'> & Enclosure,
  company: string,
): { subject: string; paragraphs: string[] } {
  const values = { count: years, company };
  return {
    subject: t('attentions.card.subject', values),
    paragraphs: [t('attentions.card.words', values), reward, use, t('attentions.card.end', values)].filter(Boolean),
  };
}

/** Composes greetings just before they leave, and keeps them equal to their mails. */
export function createGreetingMail(
  deps: LoyaltyDeps,
  { enclosing, optOutLink, hindrances }: Parts,
): { compose: Composer; onState: OnState; screening: Screening } {
  const { storage, clock, texts, render, accounts, customers, invitations } = deps;

  async function composed(greeting: GreetingRow, enclosed: Enclosure): Promise<Composed> {
    const { customer_id: customerId, language, id } = greeting;
    const customer = (await customers.forMail(storage.read, [customerId])).get(customerId);
    if (!customer || customer.erasedAt !== null || customer.email === '') return { cancel: 'gone' };
    const company = await accounts.company();
    const t = texts.to(language);
    const { subject, paragraphs } = cardWords(t, { ...greeting, ...enclosed }, company.name || t('mail.us'));
    const contactId = (await customers.find(customerId))?.contactAccountId ?? null;
    const signer = contactId === null ? undefined : await accounts.colleague(contactId);
    const optOut = { href: optOutLink(id), text: t('attentions.card.optOut') };
    return noteMessage({ customer, company, signer, subject, before: paragraphs, optOut }, t, render);
  }

  return {
    async compose(mails) {
      const greetings = await findGreetings(
        storage.read,
        mails.map(({ subjectId }) => subjectId),
      );
      const byId = new Map(greetings.map((each) => [each.id, each]));
      const enclosed = await enclosing.of(storage.read, greetings);
      const all = new Map<string, Composed>();
      for (const { mailId, subjectId } of mails) {
        const greeting = byId.get(subjectId);
        const words = enclosed.get(subjectId);
        if (greeting && words) all.set(mailId, await composed(greeting, words));
      }
      return all;
    },
    async onState(tx, changes) {
      for (const { subjectId, state, error } of changes) {
        if (state === 'queued' || state === 'sending') continue;
        const settled = { state, settled_at: timestamp(clock), reason: error ?? '' };
        const [greeting] = await moveGreetings(tx, [subjectId], ['queued', 'unknown'], settled);
        if (!greeting) continue;
        if (state === 'cancelled' || state === 'failed') {
          await invitations.contacts.release(tx, [subjectId]);
          await enclosing.withdraw(tx, [greeting]);
        }
        if (state !== 'sent') continue;
        const event = { customerId: greeting.customer_id, kind: 'attentions.greeted', subjectId };
        await customers.recordEvents(tx, [{ ...event, detail: { count: greeting.years } }]);
      }
    },
    screening: screenedBy(findGreetings, hindrances),
  };
}
