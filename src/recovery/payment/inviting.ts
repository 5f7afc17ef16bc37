import type { MailCustomer } from '../../customers/index.ts';
import { isLanguage } from '../../i18n/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound, type Result } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { KIND, LETTER, STEPS, type PaymentDeps } from './deps.ts';
import { hurtingIn, type LetterWords } from './letter-words.ts';
import { findLetters, insertLetter, moveLetter, type LetterRow } from './payment-store.ts';
import { inWorkingDays } from './working-days.ts';

/** Working days in which a colleague looks at it, and in which the customer may think about it. */
const LOOK_DAYS = 1;
const THINK_DAYS = 10;
/** It has not gone out, and may still. */
const BY_MAIL: LetterRow['state'][] = ['waiting', 'failed', 'dropped'];
const BY_POST: LetterRow['state'][] = [...BY_MAIL, 'cancelled'];

/** A case about arrears begins with an invitation that a colleague looks at. */
export async function prepareInvitation(deps: PaymentDeps, tx: Tx, theCase: RecoveryCase): Promise<void> {
  const { clock, accounts, invitations, cases } = deps;
  const { id, kind, customerId, language } = theCase;
  if (kind !== KIND || customerId === null) return;
  const { defaultLanguage } = await accounts.companyIn(tx);
  const blank = { subject: '', words: '', decided_by: null, decided_at: null, sent_at: null, revision: 0 };
  await insertLetter(tx, {
    ...blank,
    case_id: id,
    customer_id: customerId,
    state: 'waiting',
    language: [language, defaultLanguage].find(isLanguage) ?? 'en',
    created_at: timestamp(clock),
  });
  // Nobody is asked how satisfied they are while this is open.
  await invitations.withdrawFor(tx, [customerId]);
  await cases.setNext(tx, id, { step: STEPS.invite, dueAt: await inWorkingDays(deps, tx, LOOK_DAYS) });
}

/**
 * A colleague has looked at it: these words go out. Rejected where they sound like a reminder.
 * @throws NotFound, Conflict where somebody was faster, or there is no address
 */
export async function confirmInvitation(
  deps: PaymentDeps,
  actor: Actor,
  caseId: string,
  revision: number,
  words: LetterWords,
): Promise<Result<void>> {
  const letter = (await findLetters(deps.storage.read, [caseId])).get(caseId);
  if (!letter) throw new NotFound();
  const errors = hurtingIn(words, letter.language);
  if (errors) return { ok: false, errors };
  await deps.storage.transaction(async (tx) => {
    if (!(await invite(deps, tx, actor, caseId, { ...words, revision }))) throw new Conflict('payment.error.letter');
  });
  return { ok: true, value: undefined };
}

/** Sends it by mail where there is an address that takes one. @returns whether it was still to be sent */
export async function invite(
  deps: PaymentDeps,
  tx: Tx,
  actor: Actor,
  caseId: string,
  given?: LetterWords & { revision: number },
): Promise<boolean> {
  const letter = (await findLetters(tx, [caseId])).get(caseId);
  const customer = letter && (await writable(deps, tx, letter.customer_id));
  if (!customer) return false;
  const decided = { decided_by: accountOf(actor), decided_at: timestamp(deps.clock) };
  const words = given && { subject: given.subject, words: given.words };
  const unsent = { from: BY_MAIL, revision: given?.revision };
  if (!(await moveLetter(tx, caseId, unsent, { state: 'queued', ...decided, ...words }))) return false;
  await queue(deps, tx, caseId, customer, 'invite');
  await deps.cases.awaitCustomer(tx, caseId, await inWorkingDays(deps, tx, THINK_DAYS));
  await deps.accounts.audit(tx, actor, 'payment.invited', { kind: 'case', id: caseId });
  return true;
}

/** Whoever has an address that takes mail. */
async function writable({ customers, bounces }: PaymentDeps, tx: Tx, id: string): Promise<MailCustomer | undefined> {
  const customer = (await customers.forMail(tx, [id])).get(id);
  if (!customer || customer.email === '' || customer.erasedAt !== null) return undefined;
  const suppressed = await bounces.suppressions.among(tx, [customer.email]);
  return suppressed.has(customer.email) ? undefined : customer;
}

/** What goes into the outbox counts as service, whatever else the customer gets. */
async function queue(
  { clock, mailer, invitations }: PaymentDeps,
  tx: Tx,
  caseId: string,
  { id, email }: MailCustomer,
  what: 'invite' | 'agreed',
): Promise<void> {
  await mailer.enqueue(tx, [{ kind: LETTER, subjectId: caseId, detail: { what } }]);
  const contact = { id: newId(clock), sequenceId: caseId, customer: { id, email } };
  await invitations.contacts.record(tx, 'service', [contact], timestamp(clock));
}

/** It went by post. @throws Conflict where somebody was faster */
export async function markPrinted(deps: PaymentDeps, actor: Actor, caseId: string, revision: number): Promise<void> {
  const { storage, clock, cases, customers, accounts } = deps;
  const at = timestamp(clock);
  const printed = { state: 'printed' as const, decided_by: accountOf(actor), decided_at: at, sent_at: at };
  await storage.transaction(async (tx) => {
    const moved = await moveLetter(tx, caseId, { from: BY_POST, revision }, printed);
    if (!moved) throw new Conflict('payment.error.letter');
    await cases.awaitCustomer(tx, caseId, await inWorkingDays(deps, tx, THINK_DAYS));
    const customerId = (await findLetters(tx, [caseId])).get(caseId)?.customer_id ?? '';
    const event = { customerId, kind: 'payment.posted', subjectId: caseId, accountId: accountOf(actor) };
    await customers.recordEvents(tx, [event]);
    await accounts.audit(tx, actor, 'payment.posted', { kind: 'case', id: caseId });
  });
}

/** No invitation is needed. @returns whether one was still waiting for a colleague */
export async function dropInvitation(deps: PaymentDeps, tx: Tx, actor: Actor, caseId: string): Promise<boolean> {
  const { clock, mailer, accounts } = deps;
  await mailer.cancelQueued(tx, LETTER, [caseId]);
  const decided = { decided_by: accountOf(actor), decided_at: timestamp(clock) };
  const dropped = await moveLetter(tx, caseId, { from: ['waiting'] }, { state: 'dropped', ...decided });
  if (dropped) await accounts.audit(tx, actor, 'payment.dropped', { kind: 'case', id: caseId });
  return dropped;
}

/** Says to the customer that their plan is agreed; nothing where no mail reaches them. */
export async function sayAgreed(deps: PaymentDeps, tx: Tx, { id, customerId }: RecoveryCase): Promise<void> {
  const customer = customerId === null ? undefined : await writable(deps, tx, customerId);
  if (customer) await queue(deps, tx, id, customer, 'agreed');
}
