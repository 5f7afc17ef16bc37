import { z } from 'zod';
import type { Composed, Composer, OnState, Screening } from '../../mailer/index.ts';
import { timestamp } from '../../shared/clock.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RetentionDeps } from '../deps.ts';
import { readWording, type Wording } from '../wording.ts';
import type { Policy } from './policy.ts';
import { sampleNote, tellingNote } from './telling-note.ts';
import type { Untold } from './telling-rules.ts';
import { findLetters, findMessages, moveMessage, type LetterRow, type MessageRow } from './telling-store.ts';

/** The kinds of mail: what those who said it get, and the copy that a colleague sends to themselves. */
export const TELLING = 'policies.told';
export const TELLING_TEST = 'policies.test';

interface TellingMail extends RetentionDeps {
  get(id: string): Promise<Policy>;
  optOutLink(messageId: string): string;
  /** What stands against writing now, by customer; that they were told just now is no obstacle. */
  obstacles(db: Db, policyId: string, customerIds: string[], texts: Wording): Promise<Map<string, Untold | null>>;
}

/** Composes the messages just before they leave. */
export const composeTelling =
  (deps: TellingMail): Composer =>
  async (mails) => {
    const { messages, letters } = await messagesOf(deps.storage.read, mails);
    const byId = new Map(messages.map((each) => [each.id, each]));
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId } of mails) {
      const message = byId.get(subjectId);
      if (message) composed.set(mailId, await composeOne(deps, message, letters.get(message.letter_id)));
    }
    return composed;
  };

async function messagesOf(db: Db, mails: { subjectId: string }[]) {
  const messages = await findMessages(
    db,
    mails.map(({ subjectId }) => subjectId),
  );
  return { messages, letters: await findLetters(db, [...new Set(messages.map(({ letter_id }) => letter_id))]) };
}

async function composeOne(deps: TellingMail, message: MessageRow, letter: LetterRow | undefined): Promise<Composed> {
  const { customer_id: customerId, policy_id: policyId, language, id } = message;
  const customer = (await deps.customers.forMail(deps.storage.read, [customerId])).get(customerId);
  if (!letter || !customer || customer.erasedAt !== null || customer.email === '') return { cancel: 'gone' };
  const to = { customer, language, optOutLink: deps.optOutLink(id) };
  return (await tellingNote(deps, await deps.get(policyId), readWording(letter.texts), to)) ?? { cancel: 'gone' };
}

const copyDetail = z.object({ language: z.string(), accountId: z.string() });

/** Composes the copies that colleagues send to themselves. */
export const composeCopies =
  (deps: TellingMail): Composer =>
  async (mails) => {
    const composed = new Map<string, Composed>();
    for (const { mailId, subjectId, detail } of mails) {
      const copy = await composeCopy(deps, subjectId, copyDetail.parse(detail));
      if (copy) composed.set(mailId, copy);
    }
    return composed;
  };

async function composeCopy(
  deps: TellingMail,
  letterId: string,
  { language, accountId }: z.infer<typeof copyDetail>,
): Promise<Composed | undefined> {
  const letter = (await findLetters(deps.storage.read, [letterId])).get(letterId);
  const to = await deps.accounts.colleague(accountId);
  if (!letter || !to) return undefined;
  const note = await sampleNote(deps, await deps.get(letter.policy_id), readWording(letter.texts), language);
  if (!note) return undefined;
  // Nobody leaves the list by a copy.
  const { headers: _, ...message } = note;
  const subject = deps.texts.in(language)('mail.test.subject', { subject: note.subject });
  return { ...message, subject, to: { name: to.name, address: to.email } };
}

/** Keeps the messages equal to their mails. */
export const followTelling =
  (deps: TellingMail): OnState =>
  async (tx, changes) => {
    for (const { subjectId, state, error } of changes) {
      if (state === 'queued' || state === 'sending') continue;
      const settled = { state, reason: error ?? '', settled_at: timestamp(deps.clock) };
      const message = await moveMessage(tx, subjectId, settled);
      if (message) await settle(deps, tx, message);
    }
  };

/** What never arrived does not count against the customer's budget; what was sent is on their timeline. */
async function settle({ invitations, customers }: TellingMail, tx: Tx, message: MessageRow): Promise<void> {
  const { id, state, customer_id: customerId, policy_id: subjectId, account_id: accountId } = message;
  if (state === 'cancelled' || state === 'failed') await invitations.contacts.release(tx, [id]);
  if (state === 'sent') await customers.recordEvents(tx, [{ customerId, kind: 'policies.told', subjectId, accountId }]);
}

/** The last look before messages leave: whoever must not be written to any more is not. */
export const screenTelling = (deps: TellingMail): Screening => {
  return async () =>
    await Promise.resolve(async (tx, mails) => {
      const { messages, letters } = await messagesOf(tx, mails);
      const against = await obstaclesTo(deps, tx, messages, letters);
      return new Map(
        mails.flatMap(({ mailId, subjectId }) => {
          const why = against.has(subjectId) ? against.get(subjectId) : 'gone';
          return why ? [[mailId, { cancel: why }] as const] : [];
        }),
      );
    });
};

/** By message; null where nothing stands against it. Messages to customers who are gone are missing. */
async function obstaclesTo(
  { obstacles }: TellingMail,
  tx: Tx,
  messages: MessageRow[],
  letters: Map<string, LetterRow>,
): Promise<Map<string, Untold | null>> {
  const against = new Map<string, Untold | null>();
  for (const [letterId, theirs] of Map.groupBy(messages, ({ letter_id }) => letter_id)) {
    const letter = letters.get(letterId);
    if (!letter) continue;
    const customerIds = theirs.map(({ customer_id }) => customer_id);
    const found = await obstacles(tx, letter.policy_id, customerIds, readWording(letter.texts));
    for (const { id, customer_id } of theirs) {
      const why = found.get(customer_id);
      if (why !== undefined) against.set(id, why);
    }
  }
  return against;
}
