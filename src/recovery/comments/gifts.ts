import { textIn } from '../../coding/index.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Storage } from '../../storage/index.ts';
import type { Giver } from '../offers/giving-interface.ts';
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

/** What is given for this comment, named in that language; null where the business gives nothing. */
export async function giftFor(deps: Deps, comment: CommentRow, language: string): Promise<Gift | null> {
  const { gift, giftOfferId } = await deps.comments.settings();
  if (!gift.on) return null;
  const offer = (await giftsIn(deps.offers, language)).find(({ id }) => id === giftOfferId);
  if (!offer) return { offerId: null, name: '', givenAt: null };
  return { offerId: offer.id, name: offer.name, givenAt: await givenSince(deps, comment, offer.id) };
}

async function givenSince({ storage, offers }: Deps, comment: CommentRow, giftId: string): Promise<string | null> {
  const had = comment.customer_id === null ? [] : await offers.ofCustomer(storage.read, comment.customer_id);
  const since = had.find(({ offerId, givenAt }) => offerId === giftId && givenAt >= comment.created_at);
  return since?.givenAt ?? null;
}

/**
 * Gives it to whoever said so. @returns 'waiting' where somebody has to approve it first
 * @throws Conflict where nothing is given, it was given, or it is not known whose comment it is
 */
export async function giveGift(deps: Deps, comment: CommentRow, giver: Giver): Promise<'given' | 'waiting'> {
  const { gift, giftOfferId: offerId } = await deps.comments.settings();
  const { customer_id: customerId, case_id: caseId } = comment;
  if (!gift.on || offerId === null || customerId === null || (await givenSince(deps, comment, offerId)) !== null)
    throw new Conflict('error.changed');
  const { state } = await deps.offers.give(giver, { offerId, customerId, caseId, anyway: true });
  return state === 'waiting' ? 'waiting' : 'given';
}
