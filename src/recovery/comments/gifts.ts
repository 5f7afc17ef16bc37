import { textIn } from '../../coding/index.ts';
import { colleague } from '../../shared/actor.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Storage } from '../../storage/index.ts';
import type { Staff } from '../../web/index.ts';
import type { Offers } from '../offers/service.ts';
import type { CommentRow } from './comment.ts';
import type { Comments } from './interface.ts';

/** The thank-you for a problem that somebody reported. */
export interface Gift {
  /** Null where one is promised, and nothing in the catalogue chosen for it. */
  offerId: string | null;
  name: string;
  /** When this customer got it after they had said so. */
  givenAt: string | null;
}

interface Deps {
  storage: Pick<Storage, 'read'>;
  comments: Pick<Comments, 'settings'>;
  offers: Pick<Offers, 'list' | 'give' | 'ofCustomer'>;
}

/** Offers in use, by their names in the reader's language. */
export async function giftsIn(offers: Pick<Offers, 'list'>, language: string): Promise<{ id: string; name: string }[]> {
  const inUse = (await offers.list()).filter(({ retiredAt }) => retiredAt === null);
  return inUse.map(({ id, name }) => ({ id, name: textIn(name, language) }));
}

/** What is given for this comment; null where the business gives nothing. */
export async function giftFor(
  { storage, comments, offers }: Deps,
  comment: CommentRow,
  language: string,
): Promise<Gift | null> {
  const { gift, giftOfferId } = await comments.settings();
  if (!gift.on) return null;
  const offer = (await giftsIn(offers, language)).find(({ id }) => id === giftOfferId);
  if (!offer) return { offerId: null, name: '', givenAt: null };
  const had = comment.customer_id === null ? [] : await offers.ofCustomer(storage.read, comment.customer_id);
  const since = had.find(({ offerId, givenAt }) => offerId === offer.id && givenAt >= comment.created_at);
  return { offerId: offer.id, name: offer.name, givenAt: since?.givenAt ?? null };
}

/**
 * Gives it to whoever said so. @returns 'waiting' where somebody has to approve it first
 * @throws Conflict where nothing is given, it was given, or it is not known whose comment it is
 */
export async function giveGift(
  deps: Deps,
  comment: CommentRow,
  { id, role, language }: Staff,
): Promise<'given' | 'waiting'> {
  const gift = await giftFor(deps, comment, language);
  const { customer_id: customerId, case_id: caseId } = comment;
  if (!gift || gift.offerId === null || gift.givenAt !== null || customerId === null)
    throw new Conflict('error.changed');
  const what = { offerId: gift.offerId, customerId, caseId, anyway: true };
  const { state } = await deps.offers.give({ actor: colleague(id), role }, what);
  return state === 'waiting' ? 'waiting' : 'given';
}
