import { forgetQuotes } from '../coding/index.ts';
import { forgetImported, forgetPerson, giveUpImports, markErased, type Person } from '../customers/index.ts';
import { mailSubjectsOfInvitations, revokeLinks } from '../invitations/index.ts';
import { mailSubjectsOfAttentions } from '../loyalty/index.ts';
import { forgetMails, onTheWay } from '../mailer/index.ts';
import { caseIdsOf, mailSubjectsOfCases } from '../recovery/index.ts';
import { forgetWords, responsesOf } from '../responses/index.ts';
import { messagesTo } from '../retention/index.ts';
import { Conflict } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import { forgetCalls } from '../telephone/index.ts';
import { forgetNotices } from '../web/index.ts';
import type { PrivacyDeps } from './deps.ts';

/** `insists` where nothing may stand in the way: a copy that is older than the erasure. */
interface Erasing {
  person: Person;
  at: string;
  insists: boolean;
}

/** Takes a customer's identity and words out of every feature, in one transaction; what is counted stays. */
export function createErasing(deps: PrivacyDeps) {
  const { mailer, bounces, customers, invitations, telephone, recovery, loyalty, insight } = deps;

  /** Nothing that waits leaves any more, and nobody is to be called. */
  async function withdraw(tx: Tx, { person, insists }: Erasing, subjects: string[]): Promise<void> {
    await invitations.withdrawFor(tx, [person.id]);
    await telephone.onUnsubscribed(tx, [person.id]);
    const waiting = await onTheWay(tx, subjects);
    if (!insists && waiting.some(({ state }) => state === 'sending')) throw new Conflict('privacy.error.sending');
    for (const [kind, mails] of Map.groupBy(waiting, (mail) => mail.kind)) {
      const ids = mails.map((mail) => mail.subject_id);
      await mailer.cancelQueued(tx, kind, ids);
    }
  }

  /** Whoever did not want to be written to is not written to as a new customer, either. */
  async function keepRefusal(tx: Tx, { email, refused }: Person): Promise<void> {
    if (!refused || email === '') return;
    const addressKey = bounces.suppressions.keyOf(email);
    await bounces.suppressions.add(tx, {
      addressKey,
      kind: 'person',
      how: 'erased',
      source: 'erasure',
      customerId: null,
    });
  }

  async function forgetAnswers(tx: Tx, id: string, at: string): Promise<void> {
    const responses = await responsesOf(tx, [id]);
    const ids = responses.map((each) => each.id);
    await forgetWords(tx, ids, at);
    await forgetQuotes(tx, responses, at);
  }

  /** What is written about somebody who has been erased already, by whoever had begun just before, goes in the same way. */
  async function forget(tx: Tx, erasing: Erasing): Promise<void> {
    const { person, at } = erasing;
    const ids = [person.id];
    await revokeLinks(tx, ids, at);
    const subjects = await subjectsOf(tx, ids);
    await withdraw(tx, erasing, subjects);
    await forgetAnswers(tx, person.id, at);
    await forgetCalls(tx, ids);
    await recovery.forget(tx, ids);
    await recovery.forgetStrangers(tx, { email: person.email, addressKey: bounces.suppressions.keyOf(person.email) });
    await loyalty.forget(tx, ids);
    await insight.risk.forget(tx, ids);
    await bounces.forget(tx, ids);
    await forgetMails(tx, subjects, person.email, [...person.names, person.reference]);
    await forgetNotices(tx);
  }

  return {
    forget,
    /** The same for a record that was merged into theirs. */
    async eraseName(tx: Tx, erasing: Erasing): Promise<void> {
      await keepRefusal(tx, erasing.person);
      await forget(tx, erasing);
      await forgetImported(tx, erasing.person);
      await forgetPerson(tx, erasing.person.id);
    },
    /**
     * @returns whether there was anybody to erase
     * @throws Conflict where a message to them is just leaving: nobody could say what became of it
     */
    async erase(tx: Tx, erasing: Erasing): Promise<boolean> {
      const { person, at, insists } = erasing;
      if (!(await markErased(tx, person.id, at))) return false;
      if (insists) await giveUpImports(tx, at);
      await keepRefusal(tx, person);
      await forget(tx, erasing);
      await forgetImported(tx, person);
      await forgetPerson(tx, person.id);
      await customers.touched(tx, [person.id]);
      return true;
    },
  };
}

/** Everything that a mail to them can be about. */
export async function subjectsOf(tx: Tx, ids: string[]): Promise<string[]> {
  return [
    ...(await mailSubjectsOfInvitations(tx, ids)),
    ...(await mailSubjectsOfCases(tx, ids, await caseIdsOf(tx, ids))),
    ...(await mailSubjectsOfAttentions(tx, ids)),
    ...(await messagesTo(tx, ids)),
  ];
}
