import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Forbidden, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import { hasRole, readForm, type Role } from '../../web/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { textForm, type TextFields } from './forms.ts';
import { foundAnswers, type FoundAnswer } from './found.ts';
import * as rows from './library-store.ts';

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

type Deps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts'>;
type Version = TextFields & { number: number; approved: boolean };

const CHANGED = 'library.changed';

/** The library's own pages: answers proposed, approved, read again and retired. */
export function createLibraryPages({ storage, clock, accounts }: Deps): LibraryPages {
  const { read } = storage;
  const now = () => timestamp(clock);

  async function whole(id: string): Promise<WholeAnswer> {
    const answer = await existing(read, id);
    const uses = (await rows.usesOf(read, [id])).get(id) ?? 0;
    const aftermath = { uses, ...countCases(await rows.casesOf(read, id)) };
    return { answer, texts: await rows.textsOf(read, id), aftermath };
  }

  async function create(tx: Tx, who: Who, { ownerId, reviewOn, ...text }: Version & Care): Promise<string> {
    const id = newId(clock);
    const fresh = { reviewed_at: null, retired_at: null, created_at: now() };
    await rows.insertAnswer(tx, { id, owner_id: ownerId, review_on: reviewOn, ...fresh });
    await put(tx, who, id, text);
    return id;
  }

  async function write(tx: Tx, who: Who, answerId: string, text: Version): Promise<void> {
    const answer = await existing(tx, answerId);
    const newest = (await rows.textsOf(tx, answerId)).find(({ language }) => language === text.language);
    const stale = (newest?.number ?? 0) !== text.number || newest?.state === 'proposed';
    if (answer.retired_at !== null || stale) throw new Conflict(CHANGED);
    await put(tx, who, answerId, text);
  }

  /** The text as it stands in its state at once: proposed, or in force. */
  async function put(tx: Tx, who: Who, answerId: string, { language, question, body, number, ...wish }: Version) {
    const approved = wish.approved && hasRole(who.role, 'manager');
    if (approved) await rows.replaceApproved(tx, answerId, language);
    const by = approved ? { decided_by: who.id, decided_at: now() } : { decided_by: null, decided_at: null };
    const state = approved ? ('approved' as const) : ('proposed' as const);
    const said = { answer_id: answerId, language, number: number + 1, question, body, state, reason: '' };
    const proposed = { proposed_by: who.id, proposed_at: now() };
    if (!(await rows.insertText(tx, { id: newId(clock), ...said, ...proposed, ...by }))) throw new Conflict(CHANGED);
    await accounts.audit(tx, colleague(who.id), `library.${state}`, { kind: 'answer', id: answerId }, { language });
  }

  async function decide(tx: Tx, who: Who, textId: string, { approve, reason }: Decision): Promise<void> {
    const text = await rows.findText(tx, textId);
    if (!text) throw new NotFound();
    if (approve && text.state === 'proposed') await rows.replaceApproved(tx, text.answer_id, text.language);
    const decision = { decided_by: who.id, decided_at: now(), reason: approve ? '' : reason };
    const state = approve ? 'approved' : 'declined';
    if (!(await rows.decide(tx, textId, { state, ...decision }))) throw new Conflict(CHANGED);
    const subject = { kind: 'answer', id: text.answer_id };
    await accounts.audit(tx, colleague(who.id), `library.${state}`, subject, { language: text.language });
  }

  async function review(tx: Tx, who: Who, id: string, { seen, ownerId, reviewOn }: Care & { seen: string }) {
    const changed = { owner_id: ownerId, review_on: reviewOn, reviewed_at: now() };
    if (!(await rows.setReview(tx, id, seen, changed))) throw new Conflict(CHANGED);
    await accounts.audit(tx, colleague(who.id), 'library.reviewed', { kind: 'answer', id });
  }

  async function retire(tx: Tx, who: Who, id: string, retired: boolean): Promise<void> {
    if (!(await rows.setRetired(tx, id, retired ? now() : null))) throw new Conflict(CHANGED);
    const action = retired ? 'library.retired' : 'library.revived';
    await accounts.audit(tx, colleague(who.id), action, { kind: 'answer', id });
  }

  async function checkOwner(ownerId: string): Promise<void> {
    const known = (await accounts.colleagues()).some(({ id, active }) => id === ownerId && active);
    if (!known) throw new Invalid({ ownerId: { key: 'library.owner.unknown' } });
  }

  return {
    whole,
    list: async () => ({
      found: await foundAnswers(read),
      proposed: await rows.proposedTexts(read),
      retired: await rows.retiredAnswers(read),
    }),
    async create(who, { ownerId, reviewOn, approved, ...fields }) {
      const text = { ...valid(fields), number: 0, approved, ownerId, reviewOn };
      await checkOwner(ownerId);
      return await storage.transaction((tx) => create(tx, who, text));
    },
    async write(who, answerId, { number, approved, ...fields }) {
      const text = { ...valid(fields), number, approved };
      await storage.transaction((tx) => write(tx, who, answerId, text));
    },
    async decide(who, textId, decision) {
      if (!hasRole(who.role, 'manager')) throw new Forbidden();
      await storage.transaction((tx) => decide(tx, who, textId, decision));
    },
    async review(who, id, seen, next) {
      const answer = await existing(read, id);
      if (answer.owner_id !== who.id && !hasRole(who.role, 'manager')) throw new Forbidden();
      await checkOwner(next.ownerId);
      await storage.transaction((tx) => review(tx, who, id, { ...next, seen }));
    },
    async retire(who, id, retired) {
      if (!hasRole(who.role, 'manager')) throw new Forbidden();
      await existing(read, id);
      await storage.transaction((tx) => retire(tx, who, id, retired));
    },
  };
}

/** Who looks after an answer, and when it is to be read again. */
interface Care {
  ownerId: string;
  reviewOn: string;
}

interface Decision {
  approve: boolean;
  reason: string;
}

async function existing(db: Db, id: string): Promise<rows.AnswerRow> {
  const answer = await rows.findAnswer(db, id);
  if (!answer) throw new NotFound();
  return answer;
}

function valid(fields: TextFields): TextFields {
  const form = readForm(textForm, fields);
  if (!form.ok) throw new Invalid(form.errors);
  return form.value;
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
