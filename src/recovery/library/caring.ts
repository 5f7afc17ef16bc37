import { accountOf, tokenOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Forbidden, NotFound } from '../../shared/errors.ts';
import { hasRole } from '../../web/index.ts';
import * as rows from './library-store.ts';
import { CHANGED, existing, needsOwner, type Care, type LibraryDeps, type Who } from './writing.ts';

export interface Decision {
  approve: boolean;
  /** Why not. */
  reason: string;
}

/** A manager approves a proposed text, in place of the one in force, or declines it. @throws Forbidden, NotFound, Conflict */
export async function decideOnText(
  { storage, clock, accounts, decisions, news }: LibraryDeps,
  who: Who,
  textId: string,
  { approve, reason }: Decision,
): Promise<void> {
  needsManager(who);
  const at = timestamp(clock);
  await storage.transaction(async (tx) => {
    const text = await rows.findText(tx, textId);
    if (!text) throw new NotFound();
    if (approve && text.state === 'proposed') await rows.replaceApproved(tx, text.answer_id, text.language);
    const state = approve ? 'approved' : 'declined';
    const decision = {
      state,
      decided_by: accountOf(who.actor),
      decided_token: tokenOf(who.actor),
      decided_at: at,
      reason: approve ? '' : reason,
    } as const;
    if (!(await rows.decide(tx, textId, decision))) throw new Conflict(CHANGED);
    const { answer_id: answerId, language } = text;
    await accounts.audit(tx, who.actor, `library.${state}`, { kind: 'answer', id: answerId }, { language });
    const about = { what: 'answer' as const, id: textId, caseId: null, customerId: null, answerId };
    await decisions.decided.tell(tx, { ...about, approved: approve, at });
    if (approve) await news.tell(tx, { what: 'approved', answerId, language, at });
  });
}

/** The owner or a manager has read it and found it right. @throws Forbidden, NotFound, Invalid, Conflict where somebody did meanwhile */
export async function reviewAnswer(
  deps: LibraryDeps,
  who: Who,
  id: string,
  seen: string,
  { ownerId, reviewOn }: Care,
): Promise<void> {
  const { storage, clock, accounts, news } = deps;
  const answer = await existing(storage.read, id);
  if (answer.owner_id !== accountOf(who.actor)) needsManager(who);
  await needsOwner(deps, ownerId);
  const at = timestamp(clock);
  const reviewed = { owner_id: ownerId, review_on: reviewOn, reviewed_at: at };
  await storage.transaction(async (tx) => {
    if (!(await rows.setReview(tx, id, seen, reviewed))) throw new Conflict(CHANGED);
    await accounts.audit(tx, who.actor, 'library.reviewed', { kind: 'answer', id });
    await news.tell(tx, { what: 'reviewed', answerId: id, language: null, at });
  });
}

/** A manager takes an answer out of use, or back into it. @throws Forbidden, NotFound, Conflict where somebody just did */
export async function retireAnswer(
  { storage, clock, accounts, news }: LibraryDeps,
  who: Who,
  id: string,
  retired: boolean,
): Promise<void> {
  needsManager(who);
  await existing(storage.read, id);
  const at = timestamp(clock);
  await storage.transaction(async (tx) => {
    if (!(await rows.setRetired(tx, id, retired ? at : null))) throw new Conflict(CHANGED);
    const action = retired ? 'library.retired' : 'library.revived';
    await accounts.audit(tx, who.actor, action, { kind: 'answer', id });
    await news.tell(tx, { what: retired ? 'retired' : 'returned', answerId: id, language: null, at });
  });
}

function needsManager({ role }: Who): void {
  if (!hasRole(role, 'manager')) throw new Forbidden();
}
