import { timestamp } from '../../shared/clock.ts';
import type { Composed, Composer, OnState, Screening } from '../../mailer/index.ts';
import { noteMessage } from '../../recovery/index.ts';
import type { Db } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { screenedBy } from '../screening.ts';
import type { Against } from './rules.ts';
import { findAsks, findReferral, moveAsks, type AskRow } from './trust-store.ts';

/** The kinds of mail: the question, and the thanks for what came of it. */
export const ASK = 'attentions.ask';
export const THANKS = 'attentions.thanks';

interface Parts {
  linkFor(askId: string): string;
  /** What stands against asking now, by customer; that they have been asked just now is no obstacle. */
  obstacles(db: Db, customerIds: string[]): Promise<Map<string, Against | null>>;
}

export function createTrustMail(deps: LoyaltyDeps, { linkFor, obstacles }: Parts) {
  const { storage, clock, texts, render, accounts, customers, invitations } = deps;

  async function letter(
    customerId: string,
    language: string,
    what: string,
    given: { values?: object; href?: string },
  ): Promise<Composed> {
    const customer = (await customers.forMail(storage.read, [customerId])).get(customerId);
    if (!customer || customer.erasedAt !== null || customer.email === '') return { cancel: 'gone' };
    if (customer.unsubscribedAt !== null) return { cancel: 'unsubscribed' };
    const company = await accounts.company();
    const t = texts.to(language || customer.language);
    const values = { company: company.name || t('mail.us'), ...given.values };
    const say = (part: string) => t(`attentions.${what}.${part}`, values);
    const contactId = (await customers.find(customerId))?.contactAccountId ?? null;
    const signer = contactId === null ? undefined : await accounts.colleague(contactId);
    const links = given.href
      ? {
          button: { href: given.href, text: say('button') },
          optOut: { href: `${given.href}/no`, text: t('attentions.ask.no') },
        }
      : {};
    const before = say('words').split('\n\n');
    const after = given.href ? [t('attentions.ask.after')] : [];
    return noteMessage({ customer, company, signer, subject: say('subject'), before, after, ...links }, t, render);
  }

  const ask: { compose: Composer; onState: OnState; screening: Screening } = {
    async compose(mails) {
      const asks = new Map(
        (
          await findAsks(
            storage.read,
            mails.map(({ subjectId }) => subjectId),
          )
        ).map((each) => [each.id, each]),
      );
      const all = new Map<string, Composed>();
      for (const { mailId, subjectId } of mails) {
        const found = asks.get(subjectId);
        if (!found) continue;
        const given = { values: { prospect: found.prospect }, href: linkFor(found.id) };
        all.set(
          mailId,
          await letter(found.customer_id, found.language, found.kind === 'vouch' ? 'vouch' : 'ask', given),
        );
      }
      return all;
    },
    async onState(tx, changes) {
      for (const { subjectId, state } of changes) {
        if (state === 'queued' || state === 'sending') continue;
        const settled = { state, settled_at: timestamp(clock) };
        const [found] = await moveAsks(tx, [subjectId], ['queued', 'unknown'], settled);
        if (!found) continue;
        if (state === 'cancelled' || state === 'failed') await invitations.contacts.release(tx, [subjectId]);
        if (state === 'sent') await customers.recordEvents(tx, [eventOf(found)]);
      }
    },
    screening: screenedBy(findAsks, obstacles),
  };

  const thanks: Composer = async (mails) => {
    const all = new Map<string, Composed>();
    for (const { mailId, subjectId } of mails) {
      const referral = await findReferral(storage.read, subjectId);
      if (referral) all.set(mailId, await letter(referral.customer_id, '', 'thanks', {}));
    }
    return all;
  };
  return { ask, thanks };
}

const eventOf = ({ customer_id: customerId, kind, id: subjectId }: AskRow) => ({
  customerId,
  kind: `attentions.asked.${kind}`,
  subjectId,
});
