import { accountOf, type Actor } from '../../shared/actor.ts';
import { greetingLine, type MailCustomer } from '../../customers/index.ts';
import type { Translate } from '../../i18n/index.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { addressKeyOf } from '../../mailer/index.ts';
import type { Tx } from '../../storage/index.ts';
import type { CheckedFile } from '../attachments/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { offerWords, type Promised } from '../offers/telling.ts';
import { createComposing } from './composing.ts';
import type { CaseMailDeps, Db } from './deps.ts';
import * as store from './mail-store.ts';
import type { CaseMailRow } from './mail-store.ts';
import type { Next } from './next.ts';
import { CASE_MAIL, referencesOf } from './rules.ts';

interface Draft {
  /** Made with the form: the same a second time is the same letter. */
  form: string;
  subject: string;
  words: string;
  /** The text of the library that it was made from. */
  approved?: string | undefined;
  /** What they were given in this case that the letter speaks of, by id. */
  given?: string[] | undefined;
  /** Their name stands above it, whether or not it was typed. */
  greets?: boolean;
}

interface Done {
  /** False where the same form was sent before. */
  fresh: boolean;
}

const MOST_IN_THREAD = 50;

/** What colleagues write to customers about their cases. */
export function createOutgoing(deps: CaseMailDeps, next: Next) {
  const { storage, clock, mailer, customers, accounts, invitations, cases, attachments, signer, texts } = deps;
  const { composer, recipient } = createComposing(deps);

  /** The Message-IDs of a case's mail, the oldest first. */
  async function threadIds(db: Db, caseId: string): Promise<string[]> {
    const rows = await store.mailsOfCases(db, [caseId, ...(await cases.duplicatesOf(db, caseId))], MOST_IN_THREAD);
    const ours = await mailer.history(
      db,
      CASE_MAIL,
      rows.filter(({ direction }) => direction === 'out').map(({ id }) => id),
    );
    const idOf = new Map(ours.map(({ subjectId, messageId }) => [subjectId, messageId]));
    return referencesOf(
      rows.toReversed().map((row) => (row.direction === 'out' ? (idOf.get(row.id) ?? '') : row.message_id)),
    );
  }

  /**
   * Writes a letter and puts it into the outbox, once for each form. It answers what waits for an answer.
   * @throws Conflict where there is nobody to write to
   */
  async function writeIn(tx: Tx, actor: Actor, caseId: string, draft: Draft, files: CheckedFile[]): Promise<Done> {
    const theCase = await cases.find(tx, caseId);
    const { to, suppressed } = theCase ? await recipient(tx, theCase) : { to: undefined, suppressed: false };
    if (!theCase || !to) throw new Conflict('casemail.error.nobody');
    if (suppressed) throw new Conflict('casemail.error.suppressed');
    const promised = await promisedOf(tx, theCase, draft.given);
    const t = texts.to(theCase.language);
    const own = draft.greets ? greeted(draft.words, to, t) : draft.words;
    const words = [own, ...promised.map((each) => offerWords(each, t))].join('\n\n');
    const row = {
      ...blankOf(actor, theCase),
      ...rowOfDraft({ ...draft, words }),
      name: to.familyName,
      address: to.email,
    };
    const refs = (await threadIds(tx, caseId)).join(' ');
    const key = addressKeyOf(signer, to.email);
    if (!(await store.insertMail(tx, { ...row, refs, address_key: key }))) return { fresh: false };
    await attachments.keep(tx, { caseId, mailId: row.id, fromCustomer: false }, files);
    await mailer.enqueue(tx, [{ kind: CASE_MAIL, subjectId: row.id }]);
    await deps.library.noteUse(tx, actor, { textId: draft.approved, caseId });
    await tell(tx, actor, theCase, { mailId: row.id, email: to.email, subject: draft.subject });
    await deps.offers.told(tx, actor, theCase, promised);
    return { fresh: true };
  }

  const write = (actor: Actor, caseId: string, draft: Draft, files: CheckedFile[]): Promise<Done> =>
    storage.transaction((tx) => writeIn(tx, actor, caseId, draft, files));

  async function promisedOf(tx: Tx, theCase: RecoveryCase, given: string[] = []): Promise<Promised[]> {
    if (given.length === 0) return [];
    return (await deps.offers.promisedIn(tx, theCase)).filter(({ id }) => given.includes(id));
  }

  const blankOf = (actor: Actor, theCase: RecoveryCase): Omit<CaseMailRow, 'subject' | 'words' | 'fingerprint'> => ({
    id: newId(clock),
    case_id: theCase.id,
    direction: 'out',
    state: 'queued',
    error: '',
    at: timestamp(clock),
    automatic: 0,
    trust: 'sure',
    other_address: 0,
    message_id: '',
    refs: '',
    name: '',
    address: '',
    address_key: '',
    language: theCase.language,
    quoted: '',
    missing: '[]',
    answered_at: null,
    customer_id: theCase.customerId,
    answers_kind: '',
    answers_id: null,
    account_id: accountOf(actor),
  });

  async function tell(
    tx: Tx,
    actor: Actor,
    theCase: RecoveryCase,
    mail: { mailId: string; email: string; subject: string },
  ) {
    const { id, customerId, number } = theCase;
    await cases.note(tx, actor, id, { kind: 'mailSent', detail: { subject: mail.subject } });
    await store.markAnswered(tx, [id, ...(await cases.duplicatesOf(tx, id))], timestamp(clock));
    await next.answered(tx, theCase);
    await accounts.audit(tx, actor, 'casemail.written', { kind: 'case', id }, { number });
    if (customerId === null) return;
    const event = { customerId, kind: 'casemail.written', accountId: accountOf(actor), subjectId: id };
    await customers.recordEvents(tx, [{ ...event, detail: { number } }]);
    const contact = { id: mail.mailId, sequenceId: id, customer: { id: customerId, email: mail.email } };
    await invitations.contacts.record(tx, 'service', [contact], timestamp(clock));
  }

  return { write, writeIn, composer, recipient };
}

/** What goes to a customer begins with their name, once. */
function greeted(words: string, to: MailCustomer, t: Translate): string {
  const line = greetingLine(to, t);
  return words.startsWith(line) ? words : `${line}\n\n${words}`;
}

const rowOfDraft = ({ subject, words, form }: Draft) => ({ subject, words, fingerprint: `form ${form}` });
