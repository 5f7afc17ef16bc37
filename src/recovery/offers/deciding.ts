import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Forbidden } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import { tellWhoAsked } from '../decisions/decision-mail.ts';
import { moveGiven } from './given-store.ts';
import { existing, lastDay, todayIn } from './giving-facts.ts';
import type { Giver } from './giving-interface.ts';
import type { GivingDeps } from './giving-one.ts';
import { recordOffer } from './offer-record.ts';
import { giveBackOne } from './offer-store.ts';
import { needsApproval } from './rules.ts';

/** Somebody else approves what waits, or refuses it. @throws NotFound, Forbidden above their limits, Conflict */
export async function decide(
  deps: GivingDeps,
  tx: Tx,
  { actor, role }: Giver,
  givenId: string,
  approves: boolean,
  why: string,
): Promise<void> {
  const { given, offer } = await existing(tx, givenId);
  if (needsApproval(role, given.costMinor, await deps.catalogue.limits(tx))) throw new Forbidden();
  const day = await todayIn(deps, tx);
  const validUntil = lastDay(offer, day);
  const at = timestamp(deps.clock);
  const decided = { decided_by: accountOf(actor), decided_at: at };
  const change = approves
    ? { state: 'given' as const, given_on: day, valid_until: validUntil }
    : { state: 'refused' as const, ended_why: why };
  if (!(await moveGiven(tx, givenId, 'waiting', { ...change, ...decided }))) throw new Conflict('offers.decided');
  if (!approves) await giveBackOne(tx, offer.id);
  await recordOffer(deps, tx, actor, { ...given, offer }, approves ? 'approved' : 'refused');
  const path = `/customers/${given.customerId}/offers#given`;
  const decision = { what: 'offer' as const, approved: approves, caseId: given.caseId, path };
  await tellWhoAsked(deps.mailer, tx, actor, { ...decision, askedBy: given.givenBy });
  const { id, caseId, customerId } = given;
  const about = { what: 'offer' as const, id, caseId, customerId, answerId: null };
  await deps.decisions.decided.tell(tx, { ...about, approved: approves, at });
  if (approves) await deps.handed.tell(tx, { ...given, validUntil });
}

/** @returns whether it was still theirs to use, or waited for approval. @throws NotFound */
export async function takeBack(deps: GivingDeps, tx: Tx, actor: Actor, givenId: string, why: string): Promise<boolean> {
  const { given, offer } = await existing(tx, givenId);
  const at = timestamp(deps.clock);
  const ended = { ended_by: accountOf(actor), ended_at: at, ended_why: why };
  const from = given.state === 'waiting' ? 'waiting' : 'given';
  if (!(await moveGiven(tx, givenId, from, { state: 'taken_back', ...ended }))) return false;
  await giveBackOne(tx, offer.id);
  await recordOffer(deps, tx, actor, { ...given, offer }, 'takenBack');
  await deps.ended.tell(tx, { given, state: 'taken_back', at });
  return true;
}
