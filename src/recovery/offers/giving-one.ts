import type { Customer } from '../../customers/index.ts';
import { accountOf, SYSTEM } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Hooks, Tx } from '../../storage/index.ts';
import { offerWaits } from '../decisions/waiting.ts';
import type { Catalogue } from './catalogue.ts';
import type { OffersDeps } from './deps.ts';
import { findGiven, insertGiven } from './given-store.ts';
import { clashes, codeOf, counted, lastDay, receiver, todayIn } from './giving-facts.ts';
import type { Given, Giver, OfferGiven, ToGive } from './giving-interface.ts';
import { recordOffer } from './offer-record.ts';
import { findOffers, giveBackOne, takeOne } from './offer-store.ts';
import type { GivenOffer, Offer } from './offer.ts';
import { againstGiving, limitReached, needsApproval } from './rules.ts';

/** What giving needs: the offers' limits, and whom to tell. */
export interface GivingDeps extends OffersDeps {
  catalogue: Catalogue;
  handed: Hooks<OfferGiven>;
}

/** By whose right the business gives by itself. */
const BY_ITSELF: Giver = { actor: SYSTEM, role: 'manager' };

/** Given with something greater; undefined where something speaks against it, or no manager may give it alone. */
export async function enclose(
  deps: GivingDeps,
  tx: Tx,
  what: Pick<ToGive, 'offerId' | 'customerId'>,
): Promise<GivenOffer | undefined> {
  const offer = (await findOffers(tx, [what.offerId])).get(what.offerId);
  const limits = await deps.catalogue.limits(tx);
  if (!offer || needsApproval(BY_ITSELF.role, offer.costMinor, limits)) return undefined;
  const given = await giveOne(deps, tx, BY_ITSELF, { ...what, caseId: null, anyway: true });
  return given.state === 'given' ? await findGiven(tx, given.id) : undefined;
}

/** One of an offer that is about to be given. */
interface Taken extends ToGive {
  customer: Customer;
  offer: Offer;
  day: string;
}

/** The offer is held from here on: whoever gives it at the same moment comes after. @throws NotFound, Conflict */
export async function giveOne(deps: GivingDeps, tx: Tx, giver: Giver, what: ToGive): Promise<Given> {
  const customer = await deps.customers.find(what.customerId, tx);
  if (!customer || customer.erasedAt !== null) throw new NotFound();
  await needsTheirCase(deps, tx, what);
  const offer = await takeOne(tx, what.offerId);
  if (!offer) return { state: 'against', why: 'most' };
  const given = await giveTaken(deps, tx, giver, { ...what, customer, offer, day: await todayIn(deps, tx) });
  if (given.state === 'warned' || given.state === 'against') await giveBackOne(tx, offer.id);
  return given;
}

/** @throws NotFound where the case is not about that customer, Conflict where it is closed */
async function needsTheirCase({ cases }: OffersDeps, db: Db, { caseId, customerId }: ToGive): Promise<void> {
  if (caseId === null) return;
  const found = await cases.find(db, caseId);
  if (found?.customerId !== customerId) throw new NotFound();
  if (found.state === 'closed') throw new Conflict('offers.caseClosed');
}

async function giveTaken(deps: GivingDeps, tx: Tx, giver: Giver, what: Taken): Promise<Given> {
  const { customer, offer, day } = what;
  const rule = againstGiving(offer, await receiver(deps, tx, customer), { role: giver.role, today: day });
  const why = rule ?? limitReached(offer, await counted(tx, offer, customer.id, day));
  if (why !== null) return { state: 'against', why };
  if (!what.anyway && (await clashes(tx, customer.id, offer))) return { state: 'warned' };
  return await insert(deps, tx, giver, what);
}

async function insert(deps: GivingDeps, tx: Tx, { actor, role }: Giver, what: Taken): Promise<Given> {
  const { clock, catalogue, handed, decisions } = deps;
  const { offer, day, offerId, customerId, caseId } = what;
  const waits = needsApproval(role, offer.costMinor, await catalogue.limits(tx));
  const state = waits ? ('waiting' as const) : ('given' as const);
  const id = newId(clock);
  const code = await codeOf(tx, offer);
  const validUntil = lastDay(offer, day);
  const whose = { id, offer_id: offer.id, customer_id: customerId, case_id: caseId };
  const coded = { code, code_generated: offer.codeKind === 'generated' ? 1 : 0, cost_minor: offer.costMinor };
  const when = { given_at: timestamp(clock), given_on: day, valid_until: validUntil };
  const added = await insertGiven(tx, { ...whose, ...coded, ...when, state, given_by: accountOf(actor) });
  if (!added) return { state: 'against', why: 'has' };
  await recordOffer(deps, tx, actor, { id, customerId, caseId, offer }, state);
  const news = { id, offerId, customerId, caseId, costMinor: offer.costMinor, validUntil };
  if (waits) await decisions.waiting.tell(tx, offerWaits({ ...news, givenAt: when.given_at }));
  else await handed.tell(tx, news);
  return { state, id, code: waits ? '' : code };
}
