import { SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { StateChange } from '../../mailer/index.ts';
import { createHooks, type Db, type Hooks, type Tx } from '../../storage/index.ts';
import { recipientOf } from '../cases/question-mail.ts';
import type { CaseMailDeps, CaseOfMail } from './deps.ts';
import { createFinding, type FoundLetter } from './finding.ts';
import { createIncoming } from './incoming.ts';
import * as store from './mail-store.ts';
import type { CaseMailRow, OutState } from './mail-store.ts';
import { createNext } from './next.ts';
import { createOutgoing } from './outgoing.ts';
import { CASE_MAIL, MAIL_RETURNED, waitsForAnswer } from './rules.ts';
import { createSorting, type Sorting } from './sorting.ts';

export type { CaseMailRow };

export interface CaseMail extends Sorting, Pick<ReturnType<typeof createOutgoing>, 'write' | 'writeIn' | 'recipient'> {
  /** The newest 100, the newest first, and whether the last of theirs waits for an answer. */
  thread(caseId: string): Promise<{ mails: CaseMailRow[]; waits: boolean }>;
  /** The newest letters of cases with these words, ten at most. */
  search(words: string, language: string): Promise<FoundLetter[]>;
  /** Up to 100. */
  countToSort(): Promise<number>;
  /** They were answered otherwise, such as by telephone. @throws Conflict where nothing waits for an answer */
  answered(actor: Actor, caseId: string): Promise<void>;
  /** Somebody has written, in a case or not; runs in the same transaction. */
  onReceived: Hooks<CaseMailRow>['on'];
  /** Says which case a mail of another kind is about, so that answers to it find their way. */
  knows(mailKind: string, find: CaseOfMail): void;
  /** Deletes what was written by and to these customers, and in these cases; that something was written stays. */
  forget(tx: Tx, who: { customerIds: string[]; caseIds: string[] }): Promise<void>;
  /** The same for letters that stand in no case. */
  forgetLetters(tx: Tx, mailIds: string[]): Promise<void>;
}

const MOST_SHOWN = 100;

/** Mail of cases, out and in. */
export function createCaseMail(deps: CaseMailDeps): CaseMail {
  const { storage, clock, mailer, bounces, customers, cases, attachments } = deps;
  const kinds = new Map<string, CaseOfMail>();
  const next = createNext(deps);
  const outgoing = createOutgoing(deps, next);
  const received = createHooks<CaseMailRow>();

  async function onState(tx: Tx, changes: StateChange[]): Promise<void> {
    for (const { subjectId, state, error } of changes)
      await store.setOutState(tx, [subjectId], state as OutState, error ?? '');
  }

  async function addressee(db: Db, mailId: string) {
    const mail = await store.findMail(db, mailId);
    const theCase = mail?.case_id ? await cases.find(db, mail.case_id) : undefined;
    if (!mail || !theCase) return undefined;
    const { customerId } = theCase;
    const known = customerId === null ? undefined : (await customers.forMail(db, [customerId])).get(customerId);
    return { customerId, address: recipientOf(theCase, known)?.email ?? mail.address };
  }

  /** What was written about a duplicate belongs to the case that it was put into. */
  const withDuplicates = async (db: Db, caseId: string) => [caseId, ...(await cases.duplicatesOf(db, caseId))];

  /** It did not arrive: somebody has to find another way. */
  async function returned(tx: Tx, mailId: string): Promise<void> {
    const mail = await store.findMail(tx, mailId);
    const theCase = mail?.case_id ? await cases.find(tx, mail.case_id) : undefined;
    await store.setOutState(tx, [mailId], 'bounced', '');
    if (!mail || !theCase) return;
    await cases.note(tx, SYSTEM, theCase.id, { kind: 'mailReturned', detail: { subject: mail.subject } });
    const now = await cases.find(tx, theCase.id);
    if (now && now.closedAt === null) await next.soon(tx, now, MAIL_RETURNED);
  }

  mailer.register(CASE_MAIL, outgoing.composer, onState);
  bounces.knows(CASE_MAIL, addressee);
  bounces.onReturned(async (tx, { mailKind, subjectId, kind }) => {
    if (mailKind === CASE_MAIL && kind === 'hard') await returned(tx, subjectId);
  });
  bounces.onLetter(createIncoming(deps, { next, received }, kinds));

  return {
    ...createSorting(deps, next),
    write: outgoing.write,
    writeIn: outgoing.writeIn,
    recipient: outgoing.recipient,
    async thread(caseId) {
      const mails = await store.mailsOfCases(storage.read, await withDuplicates(storage.read, caseId), MOST_SHOWN);
      return { mails, waits: waitsForAnswer(mails) };
    },
    countToSort: () => store.countToSort(storage.read, MOST_SHOWN),
    async answered(actor, caseId) {
      await storage.transaction(async (tx) => {
        const theCase = await cases.find(tx, caseId);
        const ids = await withDuplicates(tx, caseId);
        if (!theCase || !(await store.markAnswered(tx, ids, timestamp(clock))))
          throw new Conflict('casemail.error.answered');
        await cases.note(tx, actor, caseId, { kind: 'mailAnswered' });
        await next.answered(tx, theCase);
      });
    },
    search: createFinding(storage.read),
    onReceived: received.on,
    knows: (kind, find) => void kinds.set(kind, find),
    async forget(tx, { customerIds, caseIds }) {
      const mailIds = await store.forgetMails(tx, customerIds, caseIds);
      await attachments.forget(tx, { mailIds });
      await attachments.forget(tx, { caseIds });
    },
    async forgetLetters(tx, mailIds) {
      await store.forgetMailsById(tx, mailIds);
      await attachments.forget(tx, { mailIds });
    },
  };
}
