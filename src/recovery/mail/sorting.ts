import { accountOf, type Actor } from '../../shared/actor.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { page, type Page, type Tx } from '../../storage/index.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import type { CaseMailDeps } from './deps.ts';
import * as store from './mail-store.ts';
import type { CaseMailRow } from './mail-store.ts';
import type { Next } from './next.ts';
import { ANSWER_MAIL } from './rules.ts';

export interface Sorting {
  /** The newest first. */
  toSort(before: string | null): Promise<Page<CaseMailRow>>;
  /** Puts it into the thread of that case; a closed one is opened again. @throws Conflict where somebody was faster */
  attach(actor: Actor, mailId: string, number: number): Promise<string>;
  /** Opens a case for it, or puts it into the one that its sender has. @returns the case's id */
  openCase(actor: Actor, mailId: string): Promise<string>;
  /** It stays in the thread that it answers, where it answers one, and nothing else happens. */
  setAside(actor: Actor, mailId: string): Promise<void>;
  /** They say in it that the closed case which it answers is settled. @throws Conflict @returns the case's id */
  settled(actor: Actor, mailId: string): Promise<string>;
}

const ROWS_A_PAGE = 20;
const LONGEST_SUMMARY = 120;

/** Letters of which nobody but a person can say where they belong. */
export function createSorting(deps: CaseMailDeps, next: Next): Sorting {
  const { storage, accounts, customers, cases, settling, attachments } = deps;

  async function place(tx: Tx, actor: Actor, mail: CaseMailRow, caseId: string): Promise<void> {
    const sorted = { state: 'received' as const, case_id: caseId, account_id: accountOf(actor) };
    if (!(await store.sortMail(tx, mail.id, sorted))) throw new Conflict('casemail.error.sorted');
    await attachments.moveToCase(tx, { mailIds: [mail.id] }, caseId);
    const theCase = await cases.find(tx, caseId);
    if (theCase && theCase.closedAt === null) await next.soon(tx, theCase, ANSWER_MAIL);
    await accounts.audit(tx, actor, 'casemail.sorted', { kind: 'case', id: caseId });
  }

  /** On the timeline of whose case it is, at the time when it came. */
  async function tell(tx: Tx, { id, customerId, number }: RecoveryCase, at: string): Promise<void> {
    if (customerId === null) return;
    await customers.recordEvents(tx, [
      { customerId, kind: 'casemail.received', at, subjectId: id, detail: { number } },
    ]);
  }

  async function waiting(tx: Tx, id: string): Promise<CaseMailRow> {
    const mail = await store.findMail(tx, id);
    if (!mail) throw new NotFound();
    if (mail.state !== 'to_sort') throw new Conflict('casemail.error.sorted');
    return mail;
  }

  /** Where it is. */
  async function leave(tx: Tx, actor: Actor, { id, case_id }: CaseMailRow): Promise<void> {
    const state = case_id === null ? ('set_aside' as const) : ('received' as const);
    if (!(await store.sortMail(tx, id, { state, case_id, account_id: accountOf(actor) })))
      throw new Conflict('casemail.error.sorted');
  }

  return {
    async toSort(before) {
      return page(await store.mailsToSort(storage.read, before, ROWS_A_PAGE + 1), ROWS_A_PAGE, ({ id }) => id);
    },
    async attach(actor, mailId, number) {
      const found = await cases.findByNumber(number);
      if (!found) throw new NotFound('casemail.error.noCase');
      await storage.transaction(async (tx) => {
        const mail = await waiting(tx, mailId);
        if (found.closedAt !== null) await cases.reopen(tx, actor, found.id, { words: mail.words, fromCustomer: true });
        await cases.note(tx, actor, found.id, {
          kind: 'mailReceived',
          detail: { subject: mail.subject },
          fromCustomer: true,
        });
        await place(tx, actor, mail, found.id);
        await tell(tx, found, mail.at);
      });
      return found.id;
    },
    async openCase(actor, mailId) {
      return await storage.transaction(async (tx) => {
        const mail = await waiting(tx, mailId);
        const { name, address: email, words, customer_id: customerId, subject } = mail;
        const language = mail.language || (await accounts.companyIn(tx)).defaultLanguage;
        const { caseId } = await cases.open(tx, actor, {
          kind: 'complaint',
          customerId,
          origin: 'mail',
          originId: mailId,
          words,
          language,
          ...(customerId === null && { contact: { name: name || email, email, telephone: '' } }),
          summary: subject.slice(0, LONGEST_SUMMARY),
        });
        await place(tx, actor, mail, caseId);
        return caseId;
      });
    },
    async setAside(actor, mailId) {
      await storage.transaction(async (tx) => {
        const mail = await waiting(tx, mailId);
        await leave(tx, actor, mail);
        await accounts.audit(tx, actor, 'casemail.setAside', { kind: 'case_mail', id: mailId });
      });
    },
    async settled(actor, mailId) {
      return await storage.transaction(async (tx) => {
        const mail = await waiting(tx, mailId);
        if (mail.case_id === null) throw new Conflict('casemail.error.noCase');
        await settling.hearIn(tx, actor, mail.case_id, { settled: true, words: mail.words });
        await leave(tx, actor, mail);
        return mail.case_id;
      });
    },
  };
}
