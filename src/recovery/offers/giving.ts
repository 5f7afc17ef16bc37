import type { Customer } from '../../customers/index.ts';
import { textIn } from '../../coding/index.ts';
import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, Forbidden, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Hooks, Tx } from '../../storage/index.ts';
import type { Role } from '../../web/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { OffersDeps } from './deps.ts';
import * as store from './given-store.ts';
import { clashes, codeOf, counted, lastDay, openOffer, receiver } from './giving-facts.ts';
import { findOffers, giveBackOne, takeOne } from './offer-store.ts';
import type { GivenOffer, Offer } from './offer.ts';
import { againstGiving, limitReached, needsApproval, type WhyNot } from './rules.ts';

/** Who gives, and what they may. */
export interface Giver {
  actor: Actor;
  role: Role;
}

export interface ToGive {
  offerId: string;
  customerId: string;
  caseId: string | null;
  /** They were warned about a discount together with an upgrade, and mean it. */
  anyway?: boolean;
}

/** An offer, and what speaks against giving it to that customer now; null where nothing does. */
export interface Choice {
  offer: Offer;
  why: WhyNot | null;
  /** It goes to somebody else for approval first. */
  approval: boolean;
}

/** What became of giving: done, waiting for approval, not done for a discount beside an upgrade, or not allowed. */
type Given =
  { state: 'given' | 'waiting'; id: string; code: string } | { state: 'warned' } | { state: 'against'; why: WhyNot };

export interface Giving {
  /** Every offer in use, for one customer. */
  choices(customer: Customer, role: Role): Promise<Choice[]>;
  /**
   * `given` and `waiting` (for approval) are done; `warned` is a discount together with an upgrade, not done.
   * @throws Conflict where something speaks against it: 'offers.why.REASON'
   */
  give(giver: Giver, what: ToGive): Promise<Exclude<Given, { state: 'against' }>>;
  /**
   * Given by the business itself with something greater, as managers settled it before.
   * @returns undefined where something speaks against it by now, or no manager may give it alone
   */
  enclose(tx: Tx, what: Pick<ToGive, 'offerId' | 'customerId'>): Promise<GivenOffer | undefined>;
  /** @throws Conflict where it does not wait any more, Forbidden where it costs more than that role may give */
  decide(giver: Giver, givenId: string, approves: boolean): Promise<void>;
  takeBack(actor: Actor, givenId: string, why: string): Promise<void>;
  /** What came with something that never left: nobody has it, and it counts no more. */
  withdraw(tx: Tx, givenIds: string[]): Promise<void>;
}

export interface OfferGiven {
  id: string;
  offerId: string;
  customerId: string;
  caseId: string | null;
  costMinor: number;
  /** A plain date. */
  validUntil: string;
}

/** By whose right the business gives by itself. */
const BY_ITSELF: Giver = { actor: SYSTEM, role: 'manager' };

export function createGiving(deps: OffersDeps, catalogue: Catalogue, handed: Hooks<OfferGiven>): Giving {
  const { storage, clock, accounts, customers } = deps;
  const now = () => timestamp(clock);
  const dayOf = async (db: Db) => dayIn((await accounts.companyIn(db)).timeZone, clock.now());

  async function choices(customer: Customer, role: Role): Promise<Choice[]> {
    const { read } = storage;
    const [day, limits] = [await dayOf(read), await catalogue.limits(read)];
    const facts = await receiver(deps, read, customer);
    const open = new Set((await store.givenTo(read, customer.id)).flatMap(openOffer));
    const offers = (await catalogue.list()).filter(({ retiredAt }) => retiredAt === null);
    const found: Choice[] = [];
    for (const offer of offers) {
      const rule = againstGiving(offer, facts, { role, today: day }) ?? (open.has(offer.id) ? 'has' : null);
      const why = rule ?? limitReached(offer, await counted(read, offer, customer.id, day));
      found.push({ offer, why, approval: needsApproval(role, offer.costMinor, limits) });
    }
    return found;
  }

  /** The offer is held from here on: whoever gives it at the same moment comes after. */
  async function giveIn(tx: Tx, giver: Giver, what: ToGive): Promise<Given> {
    const customer = await customers.find(what.customerId, tx);
    if (!customer || customer.erasedAt !== null) throw new NotFound();
    await isTheirs(deps, tx, what);
    const offer = await takeOne(tx, what.offerId);
    if (!offer) return { state: 'against', why: 'most' };
    const given = await giveTaken(tx, giver, { ...what, customer, offer, day: await dayOf(tx) });
    if (given.state === 'warned' || given.state === 'against') await giveBackOne(tx, offer.id);
    return given;
  }

  async function giveTaken(tx: Tx, giver: Giver, what: Taken): Promise<Given> {
    const { customer, offer, day } = what;
    const rule = againstGiving(offer, await receiver(deps, tx, customer), { role: giver.role, today: day });
    const why = rule ?? limitReached(offer, await counted(tx, offer, customer.id, day));
    if (why !== null) return { state: 'against', why };
    if (!what.anyway && (await clashes(tx, customer.id, offer))) return { state: 'warned' };
    return await insert(tx, giver, what);
  }

  async function insert(tx: Tx, { actor, role }: Giver, what: Taken): Promise<Given> {
    const { offer, day } = what;
    const waits = needsApproval(role, offer.costMinor, await catalogue.limits(tx));
    const state = waits ? ('waiting' as const) : ('given' as const);
    const [id, code] = [newId(clock), await codeOf(tx, offer)];
    const whose = { id, offer_id: offer.id, customer_id: what.customerId, case_id: what.caseId };
    const coded = { code, code_generated: offer.codeKind === 'generated' ? 1 : 0, cost_minor: offer.costMinor };
    const when = { given_at: now(), given_on: day, valid_until: lastDay(offer, day) };
    const added = await store.insertGiven(tx, { ...whose, ...coded, ...when, state, given_by: accountOf(actor) });
    if (!added) return { state: 'against', why: 'has' };
    await tell(deps, tx, actor, { id, ...what }, state);
    const { offerId, customerId, caseId } = what;
    const news = { id, offerId, customerId, caseId, costMinor: offer.costMinor, validUntil: when.valid_until };
    if (!waits) await handed.tell(tx, news);
    return { state, id, code: waits ? '' : code };
  }

  async function enclose(tx: Tx, what: Pick<ToGive, 'offerId' | 'customerId'>): Promise<GivenOffer | undefined> {
    const offer = (await findOffers(tx, [what.offerId])).get(what.offerId);
    const limits = await catalogue.limits(tx);
    if (!offer || needsApproval(BY_ITSELF.role, offer.costMinor, limits)) return undefined;
    const given = await giveIn(tx, BY_ITSELF, { ...what, caseId: null, anyway: true });
    return given.state === 'given' ? await store.findGiven(tx, given.id) : undefined;
  }

  async function decide(tx: Tx, { actor, role }: Giver, givenId: string, approves: boolean): Promise<void> {
    const { given, offer } = await existing(tx, givenId);
    if (needsApproval(role, given.costMinor, await catalogue.limits(tx))) throw new Forbidden();
    const day = await dayOf(tx);
    const decided = { decided_by: accountOf(actor), decided_at: now() };
    const validUntil = lastDay(offer, day);
    const change = approves
      ? { state: 'given' as const, given_on: day, valid_until: validUntil }
      : { state: 'refused' as const };
    if (!(await store.moveGiven(tx, givenId, 'waiting', { ...change, ...decided })))
      throw new Conflict('offers.decided');
    if (!approves) await giveBackOne(tx, offer.id);
    await tell(deps, tx, actor, { ...given, offer }, approves ? 'approved' : 'refused');
    if (approves) await handed.tell(tx, { ...given, validUntil });
  }

  /** @returns whether it was still theirs to use, or waited for approval */
  async function takeBack(tx: Tx, actor: Actor, givenId: string, why: string): Promise<boolean> {
    const { given, offer } = await existing(tx, givenId);
    const ended = { ended_by: accountOf(actor), ended_at: now(), ended_why: why };
    const from = given.state === 'waiting' ? 'waiting' : 'given';
    if (!(await store.moveGiven(tx, givenId, from, { state: 'taken_back', ...ended }))) return false;
    await giveBackOne(tx, offer.id);
    await tell(deps, tx, actor, { ...given, offer }, 'takenBack');
    return true;
  }

  return {
    choices,
    give: (giver, what) =>
      storage.transaction(async (tx) => {
        const given = await giveIn(tx, giver, what);
        if (given.state === 'against') throw new Conflict(`offers.why.${given.why}`);
        return given;
      }),
    enclose,
    decide: (giver, givenId, approves) => storage.transaction((tx) => decide(tx, giver, givenId, approves)),
    takeBack: (actor, givenId, why) =>
      storage.transaction(async (tx) => {
        if (!(await takeBack(tx, actor, givenId, why))) throw new Conflict('offers.over');
      }),
    async withdraw(tx, givenIds) {
      for (const id of givenIds) await takeBack(tx, SYSTEM, id, '');
    },
  };
}

/** One of an offer that is about to be given. */
interface Taken extends ToGive {
  customer: Customer;
  offer: Offer;
  day: string;
}

/** On the customer's timeline, in the audit log, and where there is one, on the case. */
async function tell(deps: OffersDeps, tx: Tx, actor: Actor, given: GivenTo, kind: string): Promise<void> {
  const { id, customerId, caseId, offer } = given;
  const name = textIn(offer.name, (await deps.accounts.companyIn(tx)).defaultLanguage);
  const event = { customerId, kind: `offers.${kind}`, accountId: accountOf(actor), subjectId: id };
  await deps.customers.recordEvents(tx, [{ ...event, detail: { offer: name } }]);
  await deps.accounts.audit(tx, actor, `offers.${kind}`, { kind: 'offer', id });
  if (caseId !== null) await deps.cases.note(tx, actor, caseId, { kind: `offer.${kind}`, detail: { offer: name } });
}

interface GivenTo {
  id: string;
  customerId: string;
  caseId: string | null;
  offer: Offer;
}

/** @throws NotFound where the case is not about that customer */
async function isTheirs({ cases }: OffersDeps, db: Db, { caseId, customerId }: ToGive): Promise<void> {
  if (caseId === null) return;
  const found = await cases.find(db, caseId);
  if (found?.customerId !== customerId) throw new NotFound();
  if (found.state === 'closed') throw new Conflict('offers.caseClosed');
}

export async function existing(db: Db, givenId: string): Promise<{ given: GivenOffer; offer: Offer }> {
  const given = await store.findGiven(db, givenId);
  const offer = given && (await findOffers(db, [given.offerId])).get(given.offerId);
  if (!offer) throw new NotFound();
  return { given, offer };
}
