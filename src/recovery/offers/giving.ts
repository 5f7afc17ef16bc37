import { randomInt } from 'node:crypto';
import type { Customer } from '../../customers/index.ts';
import { textIn } from '../../coding/index.ts';
import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { Conflict, Forbidden, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Tx } from '../../storage/index.ts';
import type { Role } from '../../web/index.ts';
import type { Catalogue } from './catalogue.ts';
import type { OffersDeps } from './deps.ts';
import * as store from './given-store.ts';
import { countGiven, findOffers, giveBackOne, takeOne } from './offer-store.ts';
import type { GivenOffer, Offer } from './offer.ts';
import {
  againstGiving,
  discountWithUpgrade,
  limitReached,
  needsApproval,
  newCode,
  type Receiver,
  type WhyNot,
} from './rules.ts';

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

export interface Giving {
  /** Every offer in use, for one customer. */
  choices(customer: Customer, role: Role): Promise<Choice[]>;
  /**
   * `given` and `waiting` (for approval) are done; `warned` is a discount together with an upgrade, not done.
   * @throws Conflict where something speaks against it: 'offers.why.REASON'
   */
  give(
    giver: Giver,
    what: ToGive,
  ): Promise<{ state: 'given' | 'waiting'; id: string; code: string } | { state: 'warned' }>;
  /** @throws Conflict where it does not wait any more, Forbidden where it costs more than that role may give */
  decide(giver: Giver, givenId: string, approves: boolean): Promise<void>;
  takeBack(actor: Actor, givenId: string, why: string): Promise<void>;
}

const CODE_TRIES = 5;

export function createGiving(deps: OffersDeps, catalogue: Catalogue): Giving {
  const { storage, clock, accounts, customers, cases } = deps;

  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());

  async function receiver(db: Db, customer: Customer): Promise<Receiver> {
    const open = (await cases.openOf(db, [customer.id], 'win_back')).has(customer.id);
    return {
      status: customer.status,
      since: customer.customerSince ?? customer.firstPurchaseOn,
      worthMinor: customer.worthMinor,
      inWinBack: open || customer.status === 'left',
      reasonKey: await deps.reasonOf(db, customer.id),
    };
  }

  const counted = (db: Db, offer: Offer, customerId: string, day: string) =>
    countGiven(db, offer, { customerId, yearFrom: `${day.slice(0, 4)}-01-01`, monthsFrom: addMonths(day, -12) });

  async function against(db: Db, offer: Offer, customer: Customer, by: { role: Role; today: string }) {
    const rule = againstGiving(offer, await receiver(db, customer), by);
    return rule ?? limitReached(offer, await counted(db, offer, customer.id, by.today));
  }

  async function codeOf(db: Db, offer: Offer): Promise<string> {
    if (offer.codeKind !== 'generated') return offer.code;
    for (let tries = 0; tries < CODE_TRIES; tries++) {
      const code = newCode(randomInt);
      if (!(await store.codeTaken(db, code))) return code;
    }
    throw new Conflict('error.changed');
  }

  /** Whether what they can use already and this one are a discount and an upgrade. */
  async function clashes(db: Db, customerId: string, offer: Offer): Promise<boolean> {
    const usable = (await store.givenTo(db, customerId)).filter(
      ({ state }) => state === 'given' || state === 'waiting',
    );
    const kinds = [
      ...(
        await findOffers(
          db,
          usable.map(({ offerId }) => offerId),
        )
      ).values(),
    ].map(({ kind }) => kind);
    return !discountWithUpgrade(kinds) && discountWithUpgrade([...kinds, offer.kind]);
  }

  async function tell(tx: Tx, actor: Actor, given: GivenTo, kind: string): Promise<void> {
    const { id, customerId, caseId, offer } = given;
    const name = textIn(offer.name, (await accounts.companyIn(tx)).defaultLanguage);
    const event = { customerId, kind: `offers.${kind}`, accountId: accountOf(actor), subjectId: id };
    await customers.recordEvents(tx, [{ ...event, detail: { offer: name } }]);
    await accounts.audit(tx, actor, `offers.${kind}`, { kind: 'offer', id });
    if (caseId !== null) await cases.note(tx, actor, caseId, { kind: `offer.${kind}`, detail: { offer: name } });
  }

  async function insert(tx: Tx, { actor, role }: Giver, offer: Offer, what: ToGive, day: string) {
    const state = needsApproval(role, offer.costMinor, await catalogue.limits(tx))
      ? ('waiting' as const)
      : ('given' as const);
    const [id, code] = [newId(clock), await codeOf(tx, offer)];
    const added = await store.insertGiven(tx, {
      id,
      offer_id: offer.id,
      customer_id: what.customerId,
      case_id: what.caseId,
      state,
      code,
      code_generated: offer.codeKind === 'generated' ? 1 : 0,
      cost_minor: offer.costMinor,
      given_by: accountOf(actor),
      given_at: timestamp(clock),
      given_on: day,
      valid_until: lastDay(offer, day),
    });
    if (!added) throw new Conflict('offers.why.has');
    await tell(tx, actor, { id, ...what, offer }, state);
    return { state, id, code: state === 'waiting' ? '' : code };
  }

  return {
    async choices(customer, role) {
      const { read } = storage;
      const [day, limits] = [await today(), await catalogue.limits(read)];
      const facts = await receiver(read, customer);
      const open = new Set((await store.givenTo(read, customer.id)).flatMap(openOffer));
      const offers = (await catalogue.list()).filter(({ retiredAt }) => retiredAt === null);
      const found: Choice[] = [];
      for (const offer of offers) {
        const rule = againstGiving(offer, facts, { role, today: day }) ?? (open.has(offer.id) ? 'has' : null);
        const why = rule ?? limitReached(offer, await counted(read, offer, customer.id, day));
        found.push({ offer, why, approval: needsApproval(role, offer.costMinor, limits) });
      }
      return found;
    },
    async give(giver, what) {
      const day = await today();
      return await storage.transaction(async (tx) => {
        const customer = await customers.find(what.customerId, tx);
        if (!customer || customer.erasedAt !== null) throw new NotFound();
        await isTheirs(deps, tx, what);
        const offer = await takeOne(tx, what.offerId);
        if (!offer) throw new Conflict('offers.why.most');
        const why = await against(tx, offer, customer, { role: giver.role, today: day });
        if (why !== null) throw new Conflict(`offers.why.${why}`);
        if (!what.anyway && (await clashes(tx, customer.id, offer))) {
          await giveBackOne(tx, offer.id);
          return { state: 'warned' as const };
        }
        return await insert(tx, giver, offer, what, day);
      });
    },
    async decide({ actor, role }, givenId, approves) {
      const day = await today();
      await storage.transaction(async (tx) => {
        const { given, offer } = await existing(tx, givenId);
        if (needsApproval(role, given.costMinor, await catalogue.limits(tx))) throw new Forbidden();
        const decided = { decided_by: accountOf(actor), decided_at: timestamp(clock) };
        const change = approves
          ? { state: 'given' as const, given_on: day, valid_until: lastDay(offer, day) }
          : { state: 'refused' as const };
        if (!(await store.moveGiven(tx, givenId, 'waiting', { ...change, ...decided })))
          throw new Conflict('offers.decided');
        if (!approves) await giveBackOne(tx, offer.id);
        await tell(tx, actor, { ...given, offer }, approves ? 'approved' : 'refused');
      });
    },
    async takeBack(actor, givenId, why) {
      await storage.transaction(async (tx) => {
        const { given, offer } = await existing(tx, givenId);
        const ended = { ended_by: accountOf(actor), ended_at: timestamp(clock), ended_why: why };
        const from = given.state === 'waiting' ? 'waiting' : 'given';
        if (!(await store.moveGiven(tx, givenId, from, { state: 'taken_back', ...ended })))
          throw new Conflict('offers.over');
        await giveBackOne(tx, offer.id);
        await tell(tx, actor, { ...given, offer }, 'takenBack');
      });
    },
  };
}

export interface GivenTo {
  id: string;
  customerId: string;
  caseId: string | null;
  offer: Offer;
}

const openOffer = ({ state, offerId }: GivenOffer): string[] =>
  state === 'given' || state === 'waiting' ? [offerId] : [];

/** The last day on which it can be used. */
const lastDay = ({ validDays, endsOn }: Offer, from: string): string => {
  const day = addDays(from, validDays);
  return endsOn !== null && endsOn < day ? endsOn : day;
};

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
