import { randomInt } from 'node:crypto';
import type { Customer } from '../../customers/index.ts';
import { addDays, addMonths, dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import type { Db } from '../../storage/index.ts';
import type { OffersDeps } from './deps.ts';
import * as store from './given-store.ts';
import { countGiven, findOffers } from './offer-store.ts';
import type { GivenOffer, Offer } from './offer.ts';
import { bringsTogether, newCode, type Receiver } from './rules.ts';

const CODE_TRIES = 5;

/** Whom an offer would be for, as they stand now. */
export async function receiver(deps: OffersDeps, db: Db, customer: Customer): Promise<Receiver> {
  const open = (await deps.cases.openOf(db, [customer.id], 'win_back')).has(customer.id);
  return {
    status: customer.status,
    since: customer.customerSince ?? customer.firstPurchaseOn,
    worthMinor: customer.worthMinor,
    inWinBack: open || customer.status === 'left',
    reasonKey: await deps.reasonOf(db, customer.id),
  };
}

/** A plain date, by the business's clocks. */
export async function todayIn({ accounts, clock }: OffersDeps, db: Db): Promise<string> {
  return dayIn((await accounts.companyIn(db)).timeZone, clock.now());
}

/** What somebody was given, and of which offer. @throws NotFound */
export async function existing(db: Db, givenId: string): Promise<{ given: GivenOffer; offer: Offer }> {
  const given = await store.findGiven(db, givenId);
  const offer = given && (await findOffers(db, [given.offerId])).get(given.offerId);
  if (!offer) throw new NotFound();
  return { given, offer };
}

/** How often it was given, within the times that its limits speak of. */
export const counted = (db: Db, offer: Offer, customerId: string, day: string) =>
  countGiven(db, offer, { customerId, yearFrom: `${day.slice(0, 4)}-01-01`, monthsFrom: addMonths(day, -12) });

/** Whether what they can use already and this one are a discount and an upgrade. */
export async function clashes(db: Db, customerId: string, offer: Offer): Promise<boolean> {
  const usable = (await store.givenTo(db, customerId)).flatMap(openOffer);
  const kinds = [...(await findOffers(db, usable)).values()].map(({ kind }) => kind);
  return bringsTogether([offer.kind], kinds);
}

/** The code of one that is given now. @throws Conflict where chance finds none that is free */
export async function codeOf(db: Db, offer: Offer): Promise<string> {
  if (offer.codeKind !== 'generated') return offer.code;
  for (let tries = 0; tries < CODE_TRIES; tries++) {
    const code = newCode(randomInt);
    if (!(await store.codeTaken(db, code))) return code;
  }
  throw new Conflict('error.changed');
}

/** The offer, where they can use it or wait for it. */
export const openOffer = ({ state, offerId }: GivenOffer): string[] =>
  state === 'given' || state === 'waiting' ? [offerId] : [];

/** The last day on which it can be used. */
export const lastDay = ({ validDays, endsOn }: Offer, from: string): string => {
  const day = addDays(from, validDays);
  return endsOn !== null && endsOn < day ? endsOn : day;
};
