import { z } from 'zod';
import type { MailCustomer } from '../../customers/index.ts';
import type { Composed, Composer, Message, OnState, Screening } from '../../mailer/index.ts';
import { paragraphs } from '../../questionnaires/index.ts';
import { noteMessage } from '../../recovery/index.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Db } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { readWording, type Wording } from '../wording.ts';
import type { Policy } from './policy.ts';
import type { Untold } from './telling-rules.ts';
import * as store from './telling-store.ts';

/** The kinds of mail: what those who said it get, and the copy that a colleague sends to themselves. */
export const TELLING = 'policies.told';
export const TELLING_TEST = 'policies.test';

/** The message as somebody would get it. */
export type SampleMail = Pick<Message, 'from' | 'replyTo' | 'subject' | 'text' | 'language'>;

interface Parts {
  get(id: string): Promise<Policy>;
  optOutLink(messageId: string): string;
  /** What stands against writing now, by customer; that they were told just now is no obstacle. */
  obstacles(db: Db, policyId: string, customerIds: string[], texts: Wording): Promise<Map<string, Untold | null>>;
}

const testDetail = z.object({ language: z.string(), accountId: z.string() });

/** Composes the messages just before they leave, and keeps them equal to their mails. */
export function createTellingMail(deps: RetentionDeps, { get, optOutLink, obstacles }: Parts) {
  const { storage, clock, texts, render, accounts, customers, invitations, baseUrl } = deps;
  const { read } = storage;

  /** Signed by whoever answers for the policy. */
  async function written(policy: Policy, wording: Wording, language: string, to: MailCustomer, href: string) {
    const own = wording[language];
    if (!own) return undefined;
    const t = texts.in(language);
    const company = await accounts.company();
    const signer = await accounts.colleague(policy.ownerId);
    const optOut = { href, text: t('policies.mail.optOut') };
    const { subject = '', body = '' } = own;
    return noteMessage({ customer: to, company, signer, subject, before: paragraphs(body), optOut }, t, render);
  }

  async function composed(message: store.MessageRow, letter: store.LetterRow | undefined): Promise<Composed> {
    const { customer_id: customerId, policy_id: policyId, language, id } = message;
    const customer = (await customers.forMail(read, [customerId])).get(customerId);
    if (!letter || !customer || customer.erasedAt !== null || customer.email === '') return { cancel: 'gone' };
    const wording = readWording(letter.texts);
    return (await written(await get(policyId), wording, language, customer, optOutLink(id))) ?? { cancel: 'gone' };
  }

  const compose: Composer = async (mails) => {
    const messages = await store.findMessages(read, mails.map(({ subjectId }) => subjectId)); // prettier-ignore
    const letters = await store.findLetters(read, [...new Set(messages.map(({ letter_id }) => letter_id))]);
    const byId = new Map(messages.map((each) => [each.id, each]));
    const all = new Map<string, Composed>();
    for (const { mailId, subjectId } of mails) {
      const message = byId.get(subjectId);
      if (message) all.set(mailId, await composed(message, letters.get(message.letter_id)));
    }
    return all;
  };

  const composeTest: Composer = async (mails) => {
    const all = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const { language, accountId } = testDetail.parse(detail);
      const letter = (await store.findLetters(read, [subjectId])).get(subjectId);
      const to = await accounts.colleague(accountId);
      if (!letter || !to) continue;
      const t = texts.in(language);
      const somebody = sampleCustomer(t('mail.test.familyName'), language);
      const policy = await get(letter.policy_id);
      const made = await written(policy, readWording(letter.texts), language, somebody, `${baseUrl}/w/-`);
      if (!made) continue;
      const { headers: _, ...message } = made;
      const subject = t('mail.test.subject', { subject: made.subject });
      all.set(mailId, { ...message, subject, to: { name: to.name, address: to.email } });
    }
    return all;
  };

  const onState: OnState = async (tx, changes) => {
    for (const { subjectId, state, error } of changes) {
      if (state === 'queued' || state === 'sending') continue;
      const message = await store.moveMessage(tx, subjectId, {
        state,
        reason: error ?? '',
        settled_at: timestamp(clock),
      });
      if (!message) continue;
      if (state === 'cancelled' || state === 'failed') await invitations.contacts.release(tx, [subjectId]);
      if (state !== 'sent') continue;
      const event = { customerId: message.customer_id, kind: 'policies.told', subjectId: message.policy_id };
      await customers.recordEvents(tx, [{ ...event, accountId: message.account_id }]);
    }
  };

  const screening: Screening = async () =>
    await Promise.resolve(async (tx, mails) => {
      const messages = await store.findMessages(
        tx,
        mails.map(({ subjectId }) => subjectId),
      );
      const letters = await store.findLetters(tx, [...new Set(messages.map(({ letter_id }) => letter_id))]);
      const against = new Map<string, Untold | null>();
      for (const [letterId, own] of Map.groupBy(messages, ({ letter_id }) => letter_id)) {
        const letter = letters.get(letterId);
        const ids = own.map(({ customer_id }) => customer_id);
        const found = letter && (await obstacles(tx, letter.policy_id, ids, readWording(letter.texts)));
        for (const { id, customer_id } of own)
          if (found?.has(customer_id)) against.set(id, found.get(customer_id) ?? null);
      }
      return new Map(
        mails.flatMap(({ mailId, subjectId }) => {
          const why = against.has(subjectId) ? against.get(subjectId) : 'gone';
          return why ? [[mailId, { cancel: why }] as const] : [];
        }),
      );
    });

  return {
    compose,
    composeTest,
    onState,
    screening,
    /** As somebody would get it; made up where nobody is named. */
    async sample(policy: Policy, letter: { texts: Wording }, language: string): Promise<SampleMail | undefined> {
      const somebody = sampleCustomer(texts.in(language)('mail.test.familyName'), language);
      return await written(policy, letter.texts, language, somebody, `${baseUrl}/w/-`);
    },
  };
}

function sampleCustomer(familyName: string, language: string): MailCustomer {
  const name = { title: '', givenName: 'Kim', familyName, organisation: '', greeting: 'formal' };
  const facts = { country: '', timeZone: '', legalBasis: '' as const, unsubscribedAt: null, erasedAt: null };
  return { id: '', reference: '', email: '', language, ...name, ...facts };
}
