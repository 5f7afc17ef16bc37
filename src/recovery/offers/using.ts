import type { Purchase } from '../../customers/index.ts';
import { accountOf, SYSTEM, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Hooks, Tx } from '../../storage/index.ts';
import type { OffersDeps } from './deps.ts';
import * as store from './given-store.ts';
import { existing } from './giving-facts.ts';
import { noteOffer } from './offer-record.ts';
import { findOffers } from './offer-store.ts';
import type { GivenOffer, Offer } from './offer.ts';
import { namesOffer } from './rules.ts';

export interface Using {
  /** A colleague says that it has been used. @throws Conflict where it cannot be any more */
  redeem(actor: Actor, givenId: string, on: string): Promise<void>;
  /** For the customers' news: whoever has bought with an offer has used it. */
  onCustomersChanged(tx: Tx, customerIds: string[]): Promise<void>;
  /** Ends what was not used in time. @returns how many */
  expire(): Promise<number>;
}

export interface OfferRedeemed {
  given: GivenOffer;
  /** A plain date. */
  on: string;
}

const SLICE = 200;

export function createUsing(deps: OffersDeps, redeemed: Hooks<OfferRedeemed>): Using {
  const { storage, clock, accounts, customers } = deps;

  /** Each purchase uses one offer, and each offer is used once. */
  async function match(tx: Tx, usable: GivenOffer[], bought: Purchase[]): Promise<void> {
    const offers = await findOffers(tx, [...new Set(usable.map(({ offerId }) => offerId))]);
    const spent = new Set<string>();
    for (const given of usable) {
      const offer = offers.get(given.offerId);
      const purchase = offer && bought.find((each) => !spent.has(each.id) && uses(each, given, offer));
      if (!offer || !purchase) continue;
      const change = { state: 'redeemed' as const, redeemed_on: purchase.purchasedOn, purchase_id: purchase.id };
      if (!(await store.moveGiven(tx, given.id, given.state, change))) continue;
      spent.add(purchase.id);
      await noteOffer(deps, tx, SYSTEM, { ...given, offer }, 'redeemed', purchase.purchasedOn);
      await redeemed.tell(tx, { given, on: purchase.purchasedOn });
    }
  }

  return {
    async redeem(actor, givenId, on) {
      await storage.transaction(async (tx) => {
        const { given, offer } = await existing(tx, givenId);
        if (on < given.givenOn) throw new Conflict('offers.usedBefore');
        const from = given.state === 'expired' && on <= given.validUntil ? 'expired' : 'given';
        const change = {
          state: 'redeemed' as const,
          redeemed_on: on,
          ended_by: accountOf(actor),
          ended_at: timestamp(clock),
        };
        if (!(await store.moveGiven(tx, givenId, from, change))) throw new Conflict('offers.over');
        await noteOffer(deps, tx, actor, { ...given, offer }, 'redeemed', on);
        await accounts.audit(tx, actor, 'offers.redeemed', { kind: 'offer', id: givenId });
        await redeemed.tell(tx, { given, on });
      });
    },
    async onCustomersChanged(tx, customerIds) {
      const usable = await store.usableOf(tx, customerIds);
      const first = usable.reduce((day, { givenOn }) => (givenOn < day ? givenOn : day), '9999-12-31');
      if (usable.length === 0) return;
      const ids = [...new Set(usable.map(({ customerId }) => customerId))];
      const bought = Map.groupBy(await customers.purchasesSince(tx, ids, first), ({ customerId }) => customerId);
      for (const [customerId, theirs] of Map.groupBy(usable, (each) => each.customerId)) {
        await match(tx, theirs, bought.get(customerId) ?? []);
      }
    },
    async expire() {
      const today = dayIn((await accounts.company()).timeZone, clock.now());
      return await storage.transaction(async (tx) => {
        const due = await store.pastDue(tx, today, SLICE);
        const offers = await findOffers(tx, [...new Set(due.map(({ offerId }) => offerId))]);
        for (const given of due) {
          const offer = offers.get(given.offerId);
          const at = timestamp(clock);
          const ended = await store.moveGiven(tx, given.id, 'given', { state: 'expired', ended_at: at });
          if (!ended || !offer) continue;
          await noteOffer(deps, tx, SYSTEM, { ...given, offer }, 'expired');
          await deps.ended.tell(tx, { given, state: 'expired', at });
        }
        return due.length;
      });
    },
  };
}

function uses(purchase: Purchase, given: GivenOffer, offer: Offer): boolean {
  const isInTime = purchase.purchasedOn >= given.givenOn && purchase.purchasedOn <= given.validUntil;
  return isInTime && namesOffer(purchase, given.code, Object.values(offer.name));
}
