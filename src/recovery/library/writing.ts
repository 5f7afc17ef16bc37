import { accountOf, colleague, tokenOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { holdTable, type Db, type Hooks, type Tx } from '../../storage/index.ts';
import { hasRole, readForm, type Role, type Staff } from '../../web/index.ts';
import { textWaits, type Decisions } from '../decisions/waiting.ts';
import type { RecoveryDeps } from '../deps.ts';
import { textForm, type TextFields } from './forms.ts';
import * as rows from './library-store.ts';

export type LibraryDeps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts'> & {
  decisions: Decisions;
  news: Hooks<AnswerNews>;
};

/** A text is in force, or an answer was read again, taken out of use, or back into it. */
export interface AnswerNews {
  what: 'approved' | 'reviewed' | 'retired' | 'returned';
  answerId: string;
  /** Of the text. */
  language: string | null;
  at: string;
}

/** Who writes or decides, and what their role allows. */
export interface Who {
  actor: Actor;
  role: Role;
}

export const asWho = ({ id, role }: Pick<Staff, 'id' | 'role'>): Who => ({ actor: colleague(id), role });

/** Who looks after an answer, and when it is to be read again: a plain date. */
export interface Care {
  ownerId: string;
  reviewOn: string;
}

/** A text as somebody wrote it; `number` is the version that it was made from, 0 for none. */
export type Version = TextFields & { number: number; approved: boolean };

export const CHANGED = 'library.changed';

/**
 * A new question, in a first language; approved at once where a manager wrote it and says so. One in use that says the
 * very same is that one. @throws Invalid
 */
export async function createAnswer(
  deps: LibraryDeps,
  who: Who,
  { ownerId, reviewOn, approved, ...fields }: Omit<Version, 'number'> & Care,
): Promise<{ id: string; fresh: boolean }> {
  const { storage, clock } = deps;
  const text = { ...valid(fields), number: 0, approved };
  await needsOwner(deps, ownerId);
  const id = newId(clock);
  const fresh = { reviewed_at: null, retired_at: null, created_at: timestamp(clock) };
  return await storage.transaction(async (tx) => {
    await holdTable(tx, storage.engine, 'library_answer');
    const before = await rows.answerSaying(tx, text);
    if (before !== undefined) return { id: before, fresh: false };
    await rows.insertAnswer(tx, { id, owner_id: ownerId, review_on: reviewOn, ...fresh });
    await put(deps, tx, who, id, text);
    return { id, fresh: true };
  });
}

/** @throws Invalid unless they work here */
export async function needsOwner({ accounts }: LibraryDeps, ownerId: string): Promise<void> {
  const known = (await accounts.colleagues()).some(({ id, active }) => id === ownerId && active);
  if (!known) throw new Invalid({ ownerId: { key: 'library.owner.unknown' } });
}

/** A next version in one language, or a first one. @throws NotFound, Invalid, Conflict where somebody wrote one meanwhile */
export async function writeText(
  deps: LibraryDeps,
  who: Who,
  answerId: string,
  { number, approved, ...fields }: Version,
): Promise<void> {
  const text = { ...valid(fields), number, approved };
  await deps.storage.transaction(async (tx) => {
    const answer = await existing(tx, answerId);
    const newest = (await rows.textsOf(tx, answerId)).find(({ language }) => language === text.language);
    const stale = (newest?.number ?? 0) !== number || newest?.state === 'proposed';
    if (answer.retired_at !== null || stale) throw new Conflict(CHANGED);
    await put(deps, tx, who, answerId, text);
  });
}

function valid(fields: TextFields): TextFields {
  const form = readForm(textForm, fields);
  if (!form.ok) throw new Invalid(form.errors);
  return form.value;
}

/** @throws NotFound */
export async function existing(db: Db, id: string): Promise<rows.AnswerRow> {
  const answer = await rows.findAnswer(db, id);
  if (!answer) throw new NotFound();
  return answer;
}

/** The text as it stands in its state at once: proposed, or in force. */
async function put(
  { clock, accounts, decisions, news }: LibraryDeps,
  tx: Tx,
  who: Who,
  answerId: string,
  { language, question, body, number, ...wish }: Version,
): Promise<void> {
  const at = timestamp(clock);
  const approved = wish.approved && hasRole(who.role, 'manager');
  if (approved) await rows.replaceApproved(tx, answerId, language);
  const [account, token] = [accountOf(who.actor), tokenOf(who.actor)];
  const decided = { decided_by: account, decided_token: token, decided_at: at };
  const by = approved ? decided : { decided_by: null, decided_token: null, decided_at: null };
  const state = approved ? ('approved' as const) : ('proposed' as const);
  const said = { answer_id: answerId, language, number: number + 1, question, body, state, reason: '' };
  const row = { id: newId(clock), ...said, proposed_by: account, proposed_token: token, proposed_at: at, ...by };
  if (!(await rows.insertText(tx, row))) throw new Conflict(CHANGED);
  await accounts.audit(tx, who.actor, `library.${state}`, { kind: 'answer', id: answerId }, { language });
  if (approved) await news.tell(tx, { what: 'approved', answerId, language, at });
  else await decisions.waiting.tell(tx, textWaits(row));
}
