import { greetingLine } from '../../customers/index.ts';
import { accountOf, colleague, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../../shared/errors.ts';
import { isId, newId } from '../../shared/ids.ts';
import type { Tx } from '../../storage/index.ts';
import { hasRole, readForm, type Role, type Staff } from '../../web/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { textForm, type TextFields } from './forms.ts';
import type { RecoveryCase } from '../cases/interface.ts';
import { recipientOf } from '../cases/question-mail.ts';
import type { FoundAnswer } from './found.ts';
import type { Library } from './interface.ts';
import * as rows from './library-store.ts';
import { pickView } from './pick-views.ts';
import { filled, ranked, type Placeholder } from './rules.ts';

/** What became of the cases in which an answer was sent. */
export interface Aftermath {
  /** Times sent, in so many cases. */
  uses: number;
  cases: number;
  /** Of those: asked whether it is settled, and what they said. */
  asked: number;
  settled: number;
  notQuite: number;
  silent: number;
}

export interface WholeAnswer {
  answer: rows.AnswerRow;
  /** All versions, the newest first. */
  texts: rows.TextRow[];
  aftermath: Aftermath;
}

export interface LibraryPages {
  list(): Promise<{ found: FoundAnswer[]; proposed: rows.TextRow[]; retired: rows.AnswerRow[] }>;
  whole(id: string): Promise<WholeAnswer>;
  /** A new question, in a first language; approved at once where a manager wrote it and says so. @throws Invalid */
  create(who: Who, fields: TextFields & { ownerId: string; reviewOn: string; approved: boolean }): Promise<string>;
  /**
   * A next version in one language, or a first one; `number` is the version that it was made from, 0 for none.
   * @throws Conflict where somebody wrote one meanwhile, Invalid
   */
  write(who: Who, answerId: string, fields: TextFields & { number: number; approved: boolean }): Promise<void>;
  /** @throws Conflict unless it still waits */
  decide(who: Who, textId: string, decision: { approve: boolean; reason: string }): Promise<void>;
  /** The owner or a manager has read it and found it right. @throws Conflict where somebody did meanwhile */
  review(who: Who, id: string, seen: string, next: { ownerId: string; reviewOn: string }): Promise<void>;
  retire(who: Who, id: string, retired: boolean): Promise<void>;
}

export interface Who {
  id: string;
  role: Role;
}

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'texts' | 'accounts' | 'customers'>;

const CHANGED = 'library.changed';
const NOBODY = { title: '', givenName: '', familyName: '', organisation: '', greeting: '' };

/** The same answer to the same question every time: written once, approved, found by typing. */
export function createLibrary(deps: Deps): Library & LibraryPages {
  const { storage, clock, accounts } = deps;
  const { read } = storage;
  const now = () => timestamp(clock);

  async function found(): Promise<FoundAnswer[]> {
    const texts = await rows.approvedTexts(read);
    const uses = await rows.usesOf(read, [...new Set(texts.map(({ answer_id }) => answer_id))]);
    return texts.map((row) => asFound(row, uses.get(row.answer_id) ?? 0));
  }

  async function pick(theCase: RecoveryCase, asked: { answer?: unknown; insert?: unknown }, staff: Staff) {
    const typed = typeof asked.answer === 'string' ? asked.answer.slice(0, 200) : '';
    const all = await found();
    const chosen = all.find(({ textId }) => textId === asked.insert);
    const view = pickView({ theCase, typed, all: ranked(all, typed), chosen, today: await today() }, staff);
    const inserted = chosen && {
      textId: chosen.textId,
      question: chosen.question,
      text: filled(chosen.body, await valuesFor(theCase, chosen.language, staff)),
    };
    return { view, inserted: inserted ?? null };
  }

  async function valuesFor(
    theCase: RecoveryCase,
    language: string,
    staff: Staff,
  ): Promise<Record<Placeholder, string>> {
    const { customerId, contact, number } = theCase;
    const known = customerId === null ? undefined : (await deps.customers.forMail(read, [customerId])).get(customerId);
    const greeted = recipientOf(theCase, known) ?? NOBODY;
    const name = [greeted.givenName, greeted.familyName].filter(Boolean).join(' ');
    const company = await accounts.company();
    return {
      greeting: greetingLine(greeted, deps.texts.in(language)),
      name: name || contact.name,
      company: company.name,
      telephone: company.telephone,
      colleague: staff.name,
      case: String(number),
    };
  }

  async function today(): Promise<string> {
    return dayIn((await accounts.company()).timeZone, clock.now());
  }

  async function existing(id: string): Promise<rows.AnswerRow> {
    const answer = await rows.findAnswer(read, id);
    if (!answer) throw new NotFound();
    return answer;
  }

  async function checkOwner(ownerId: string): Promise<void> {
    const known = (await accounts.colleagues()).some(({ id, active }) => id === ownerId && active);
    if (!known) throw new Invalid({ ownerId: { key: 'library.owner.unknown' } });
  }

  /** The text as it stands in its state at once: proposed, or in force. */
  async function put(tx: Tx, who: Who, answerId: string, fields: TextFields & { number: number; approved: boolean }) {
    const { language, question, body, number, approved } = fields;
    if (approved) await rows.replaceApproved(tx, answerId, language);
    const by = approved ? { decided_by: who.id, decided_at: now() } : { decided_by: null, decided_at: null };
    const id = newId(clock);
    const stood = await rows.insertText(tx, {
      id,
      answer_id: answerId,
      language,
      number: number + 1,
      question,
      body,
      state: approved ? 'approved' : 'proposed',
      proposed_by: who.id,
      proposed_at: now(),
      reason: '',
      ...by,
    });
    if (!stood) throw new Conflict(CHANGED);
    const what = approved ? 'approved' : 'proposed';
    await accounts.audit(tx, colleague(who.id), `library.${what}`, { kind: 'answer', id: answerId }, { language });
  }

  return {
    pick,
    async noteUse(tx, actor, { textId, caseId }) {
      const text = isId(textId) ? await rows.findText(tx, textId) : undefined;
      if (text?.state !== 'approved' && text?.state !== 'replaced') return;
      await rows.insertUse(tx, useRow(newId(clock), text, caseId, actor, now()));
    },
    overdueOf: async (ownerId) => await rows.countOverdue(read, ownerId, await today()),

    async list() {
      return {
        found: await found(),
        proposed: await rows.proposedTexts(read),
        retired: await rows.retiredAnswers(read),
      };
    },
    async whole(id) {
      const answer = await existing(id);
      const uses = (await rows.usesOf(read, [id])).get(id) ?? 0;
      const aftermath = { uses, ...countCases(await rows.casesOf(read, id)) };
      return { answer, texts: await rows.textsOf(read, id), aftermath };
    },
    async create(who, fields) {
      const text = valid(fields);
      await checkOwner(fields.ownerId);
      const id = newId(clock);
      await storage.transaction(async (tx) => {
        const { ownerId: owner_id, reviewOn: review_on } = fields;
        await rows.insertAnswer(tx, {
          id,
          owner_id,
          review_on,
          reviewed_at: null,
          retired_at: null,
          created_at: now(),
        });
        await put(tx, who, id, { ...text, number: 0, approved: mayApprove(who, fields.approved) });
      });
      return id;
    },
    async write(who, answerId, fields) {
      const text = valid(fields);
      await storage.transaction(async (tx) => {
        const answer = await rows.findAnswer(tx, answerId);
        if (!answer) throw new NotFound();
        const newest = (await rows.textsOf(tx, answerId)).find(({ language }) => language === text.language);
        const stale = (newest?.number ?? 0) !== fields.number || newest?.state === 'proposed';
        if (answer.retired_at !== null || stale) throw new Conflict(CHANGED);
        await put(tx, who, answerId, { ...text, number: fields.number, approved: mayApprove(who, fields.approved) });
      });
    },
    async decide(who, textId, { approve, reason }) {
      if (!hasRole(who.role, 'manager')) throw new Forbidden();
      await storage.transaction(async (tx) => {
        const text = await rows.findText(tx, textId);
        if (!text) throw new NotFound();
        if (approve && text.state === 'proposed') await rows.replaceApproved(tx, text.answer_id, text.language);
        const decision = { decided_by: who.id, decided_at: now(), reason: approve ? '' : reason };
        const state = approve ? 'approved' : 'declined';
        if (!(await rows.decide(tx, textId, { state, ...decision }))) throw new Conflict(CHANGED);
        const subject = { kind: 'answer', id: text.answer_id };
        await accounts.audit(tx, colleague(who.id), `library.${state}`, subject, { language: text.language });
      });
    },
    async review(who, id, seen, { ownerId, reviewOn }) {
      const answer = await existing(id);
      if (answer.owner_id !== who.id && !hasRole(who.role, 'manager')) throw new Forbidden();
      await checkOwner(ownerId);
      await storage.transaction(async (tx) => {
        const changed = { owner_id: ownerId, review_on: reviewOn, reviewed_at: now() };
        if (!(await rows.setReview(tx, id, seen, changed))) throw new Conflict(CHANGED);
        await accounts.audit(tx, colleague(who.id), 'library.reviewed', { kind: 'answer', id });
      });
    },
    async retire(who, id, retired) {
      if (!hasRole(who.role, 'manager')) throw new Forbidden();
      await existing(id);
      await storage.transaction(async (tx) => {
        if (!(await rows.setRetired(tx, id, retired ? now() : null))) throw new Conflict(CHANGED);
        const action = retired ? 'library.retired' : 'library.revived';
        await accounts.audit(tx, colleague(who.id), action, { kind: 'answer', id });
      });
    },
  };
}

const mayApprove = ({ role }: Who, wanted: boolean): boolean => wanted && hasRole(role, 'manager');

function valid(fields: TextFields): TextFields {
  const form = readForm(textForm, fields);
  if (!form.ok) throw new Invalid(form.errors);
  return form.value;
}

function asFound(row: Awaited<ReturnType<typeof rows.approvedTexts>>[number], uses: number): FoundAnswer {
  return {
    answerId: row.answer_id,
    textId: row.id,
    language: row.language,
    question: row.question,
    body: row.body,
    ownerId: row.owner_id,
    reviewOn: row.review_on,
    reviewedAt: row.reviewed_at,
    uses,
  };
}

function useRow(id: string, text: rows.TextRow, caseId: string, actor: Actor, at: string) {
  return {
    id,
    answer_id: text.answer_id,
    text_id: text.id,
    case_id: caseId,
    account_id: accountOf(actor),
    used_at: at,
  };
}

/** A case of which the customer said "not quite", and has not said since that it is settled, counts as that. */
function countCases(cases: Awaited<ReturnType<typeof rows.casesOf>>): Omit<Aftermath, 'uses'> {
  const settled = cases.filter((each) => each.settled === 'yes').length;
  const rest = cases.filter((each) => each.settled !== 'yes');
  const notQuite = rest.filter((each) => Number(each.not_quite) > 0).length;
  const silent = rest.filter((each) => each.settled === 'silent' && Number(each.not_quite) === 0).length;
  const waiting = rest.filter((each) => each.settled === null && each.asked_at !== null && !Number(each.not_quite));
  return { cases: cases.length, asked: settled + silent + notQuite + waiting.length, settled, silent, notQuite };
}
