import { colleague } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import { hasRole, readForm, type Role } from '../../web/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { textForm, type TextFields } from './forms.ts';
import * as rows from './library-store.ts';

export type LibraryDeps = Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts'>;

export interface Who {
  id: string;
  role: Role;
}

/** Who looks after an answer, and when it is to be read again: a plain date. */
export interface Care {
  ownerId: string;
  reviewOn: string;
}

/** A text as somebody wrote it; `number` is the version that it was made from, 0 for none. */
export type Version = TextFields & { number: number; approved: boolean };

export const CHANGED = 'library.changed';

/** A new question, in a first language; approved at once where a manager wrote it and says so. @throws Invalid */
export async function createAnswer(
  deps: LibraryDeps,
  who: Who,
  { ownerId, reviewOn, approved, ...fields }: Omit<Version, 'number'> & Care,
): Promise<string> {
  const { storage, clock } = deps;
  const text = { ...valid(fields), number: 0, approved };
  await needsOwner(deps, ownerId);
  const id = newId(clock);
  const fresh = { reviewed_at: null, retired_at: null, created_at: timestamp(clock) };
  await storage.transaction(async (tx) => {
    await rows.insertAnswer(tx, { id, owner_id: ownerId, review_on: reviewOn, ...fresh });
    await put(deps, tx, who, id, text);
  });
  return id;
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
  { clock, accounts }: LibraryDeps,
  tx: Tx,
  who: Who,
  answerId: string,
  { language, question, body, number, ...wish }: Version,
): Promise<void> {
  const at = timestamp(clock);
  const approved = wish.approved && hasRole(who.role, 'manager');
  if (approved) await rows.replaceApproved(tx, answerId, language);
  const by = approved ? { decided_by: who.id, decided_at: at } : { decided_by: null, decided_at: null };
  const state = approved ? ('approved' as const) : ('proposed' as const);
  const said = { answer_id: answerId, language, number: number + 1, question, body, state, reason: '' };
  const proposed = { proposed_by: who.id, proposed_at: at };
  if (!(await rows.insertText(tx, { id: newId(clock), ...said, ...proposed, ...by }))) throw new Conflict(CHANGED);
  await accounts.audit(tx, colleague(who.id), `library.${state}`, { kind: 'answer', id: answerId }, { language });
}
