import type { MailCustomer } from '../../customers/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound, type FieldErrors, type Result } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { isLanguage } from '../../i18n/index.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { workingDaysLater } from '../cases/working-time.ts';
import { KIND, LETTER, STEPS, type PaymentDeps } from './deps.ts';
import { reminderWords } from './lint-rules.ts';
import { findLetters, insertLetter, moveLetter, type LetterRow } from './payment-store.ts';

/** The words of an invitation to talk: a line, and paragraphs. */
export interface LetterWords {
  subject: string;
  words: string;
}

export interface Letters {
  find(db: Db, caseId: string): Promise<LetterRow | undefined>;
  /** As they would go now. */
  wordsOf(letter: LetterRow, company: string): LetterWords & { language: string };
  /** What the postman brings: the same words, for a letter to print. @throws NotFound */
  forPrint(caseId: string): Promise<{ letter: LetterRow; theCase: RecoveryCase } & LetterWords>;
  /** Sends it by mail where there is an address that takes one; whether it was still to be sent. */
  invite(tx: Tx, actor: Actor, caseId: string): Promise<boolean>;
  /**
   * A colleague has looked at it: these words go out. Rejected where they sound like a reminder.
   * @throws Conflict where somebody was faster, or there is no address
   */
  confirm(actor: Actor, caseId: string, revision: number, words: LetterWords): Promise<Result<void>>;
  /** It went by post. @throws Conflict */
  markPrinted(actor: Actor, caseId: string, revision: number): Promise<void>;
  /** No invitation is needed. */
  drop(tx: Tx, actor: Actor, caseId: string): Promise<boolean>;
  /** Says to the customer that their plan is agreed. */
  sayAgreed(tx: Tx, theCase: RecoveryCase): Promise<void>;
  /** For `cases.onOpened`. */
  onOpened(tx: Tx, theCase: RecoveryCase): Promise<void>;
}

/** Working days in which a colleague looks at it, and in which the customer may think about it. */
const LOOK_DAYS = 1;
const THINK_DAYS = 10;

export function createLetters(deps: PaymentDeps): Letters {
  const { storage, clock, texts, accounts, customers, cases, mailer, invitations } = deps;
  const now = () => timestamp(clock);

  const wordsOf: Letters['wordsOf'] = ({ language, subject, words }, company) => {
    const t = texts.in(language);
    const values = { company: company || t('mail.us') };
    return {
      language: t.language,
      subject: subject || t('payment.letter.subject', values),
      words: words || t('payment.letter.words', values),
    };
  };

  const dueIn = async (tx: Tx, days: number) => workingDaysLater(await accounts.companyIn(tx), now(), days);

  async function queue(tx: Tx, letter: LetterRow, customer: MailCustomer): Promise<void> {
    await mailer.enqueue(tx, [{ kind: LETTER, subjectId: letter.case_id, detail: { what: 'invite' } }]);
    const contact = {
      id: newId(clock),
      sequenceId: letter.case_id,
      customer: { id: customer.id, email: customer.email },
    };
    await invitations.contacts.record(tx, 'service', [contact], now());
    await cases.awaitCustomer(tx, letter.case_id, await dueIn(tx, THINK_DAYS));
  }

  async function writable(tx: Tx, customerId: string): Promise<MailCustomer | undefined> {
    const customer = (await customers.forMail(tx, [customerId])).get(customerId);
    if (!customer || customer.email === '' || customer.erasedAt !== null) return undefined;
    const suppressed = await deps.bounces.suppressions.among(tx, [customer.email]);
    return suppressed.has(customer.email) ? undefined : customer;
  }

  async function send(tx: Tx, actor: Actor, caseId: string, given?: LetterWords & { revision: number }) {
    const letter = (await findLetters(tx, [caseId])).get(caseId);
    const customer = letter && (await writable(tx, letter.customer_id));
    if (!customer) return false;
    const decided = { decided_by: accountOf(actor), decided_at: now() };
    const words = given && { subject: given.subject, words: given.words };
    const from = { from: ['waiting', 'failed', 'dropped'] as LetterRow['state'][], revision: given?.revision };
    if (!(await moveLetter(tx, caseId, from, { state: 'queued', ...decided, ...words }))) return false;
    await queue(tx, letter, customer);
    await accounts.audit(tx, actor, 'payment.invited', { kind: 'case', id: caseId });
    return true;
  }

  return {
    find: async (db, caseId) => (await findLetters(db, [caseId])).get(caseId),
    wordsOf,
    async forPrint(caseId) {
      const letter = (await findLetters(storage.read, [caseId])).get(caseId);
      if (!letter) throw new NotFound();
      const { name } = await accounts.company();
      return { letter, theCase: await cases.get(caseId), ...wordsOf(letter, name) };
    },
    invite: (tx, actor, caseId) => send(tx, actor, caseId),
    async confirm(actor, caseId, revision, words) {
      const letter = (await findLetters(storage.read, [caseId])).get(caseId);
      if (!letter) throw new NotFound();
      const errors = lintOf(words, letter.language);
      if (errors) return { ok: false, errors };
      await storage.transaction(async (tx) => {
        if (!(await send(tx, actor, caseId, { ...words, revision }))) throw new Conflict('payment.error.letter');
      });
      return { ok: true, value: undefined };
    },
    async markPrinted(actor, caseId, revision) {
      await storage.transaction(async (tx) => {
        const done = { state: 'printed' as const, decided_by: accountOf(actor), decided_at: now(), sent_at: now() };
        const open: LetterRow['state'][] = ['waiting', 'failed', 'dropped', 'cancelled'];
        if (!(await moveLetter(tx, caseId, { from: open, revision }, done))) throw new Conflict('payment.error.letter');
        await cases.awaitCustomer(tx, caseId, await dueIn(tx, THINK_DAYS));
        const customerId = (await findLetters(tx, [caseId])).get(caseId)?.customer_id ?? '';
        const event = { customerId, kind: 'payment.posted', subjectId: caseId, accountId: accountOf(actor) };
        await customers.recordEvents(tx, [event]);
        await accounts.audit(tx, actor, 'payment.posted', { kind: 'case', id: caseId });
      });
    },
    async drop(tx, actor, caseId) {
      await mailer.cancelQueued(tx, LETTER, [caseId]);
      const decided = { decided_by: accountOf(actor), decided_at: now() };
      const dropped = await moveLetter(tx, caseId, { from: ['waiting'] }, { state: 'dropped', ...decided });
      if (dropped) await accounts.audit(tx, actor, 'payment.dropped', { kind: 'case', id: caseId });
      return dropped;
    },
    async sayAgreed(tx, { id, customerId }) {
      const customer = customerId === null ? undefined : await writable(tx, customerId);
      if (!customer) return;
      await mailer.enqueue(tx, [{ kind: LETTER, subjectId: id, detail: { what: 'agreed' } }]);
      const contact = { id: newId(clock), sequenceId: id, customer: { id: customer.id, email: customer.email } };
      await invitations.contacts.record(tx, 'service', [contact], now());
    },
    async onOpened(tx, theCase) {
      const { id, kind, customerId, language } = theCase;
      if (kind !== KIND || customerId === null) return;
      const { defaultLanguage } = await accounts.companyIn(tx);
      await insertLetter(tx, {
        case_id: id,
        customer_id: customerId,
        state: 'waiting',
        language: [language, defaultLanguage].find(isLanguage) ?? 'en',
        subject: '',
        words: '',
        decided_by: null,
        decided_at: null,
        sent_at: null,
        revision: 0,
        created_at: now(),
      });
      // Nobody is asked how satisfied they are while this is open.
      await invitations.withdrawFor(tx, [customerId]);
      await cases.setNext(tx, id, { step: STEPS.invite, dueAt: await dueIn(tx, LOOK_DAYS) });
    },
  };
}

/** What in these words would hurt, by field; undefined where nothing would. */
function lintOf({ subject, words }: LetterWords, language: string): FieldErrors | undefined {
  const errors: FieldErrors = {};
  for (const [field, text] of [
    ['subject', subject],
    ['words', words],
  ] as const) {
    const found = reminderWords(text, language);
    if (found.length > 0) errors[field] = { key: 'payment.error.tone', values: { words: found.join(', ') } };
  }
  return Object.keys(errors).length > 0 ? errors : undefined;
}

export const paragraphs = (text: string): string[] =>
  text
    .split(/\n\s*\n/)
    .map((each) => each.trim())
    .filter((each) => each !== '');
