import type {
  CatalogueNews,
  OfferEnded,
  OfferGiven,
  OfferRedeemed,
  PlanNews,
  Returned,
  WinbackCall,
} from '../../../recovery/index.ts';
import type { Happening } from '../events.ts';

export function callEnded({ id, case_id, customer_id, outcome, reason_key, call_at, at }: WinbackCall): Happening {
  const about = { callId: id, caseId: case_id, customerId: customer_id };
  return {
    kind: 'call.ended',
    cause: id,
    data: { ...about, outcome, reasonKey: reason_key, callAgainAt: call_at, at },
  };
}

/** `afterContact`: we had spoken or written to them, so that they were won back. */
export function customerReturned({ customerId, caseId, on, afterContact }: Returned): Happening {
  const data = { customerId, caseId, returnedOn: on, afterContact };
  return { kind: 'customer.returned', cause: `${customerId} ${on}`, data };
}

export function offerGiven({ id, offerId, customerId, caseId, costMinor, validUntil }: OfferGiven): Happening {
  const data = { givenId: id, offerId, customerId, caseId, costMinor: Number(costMinor), validUntil };
  return { kind: 'offer.given', cause: id, data };
}

export function offerRedeemed({ given: { id, offerId, customerId, caseId, costMinor }, on }: OfferRedeemed): Happening {
  const data = { givenId: id, offerId, customerId, caseId, costMinor: Number(costMinor), redeemedOn: on };
  return { kind: 'offer.redeemed', cause: id, data };
}

/** It was taken back, or was not used in time. */
export function offerEnded({ given: { id, offerId, customerId, caseId }, state, at }: OfferEnded): Happening {
  return { kind: 'offer.ended', cause: id, data: { givenId: id, offerId, customerId, caseId, state, endedAt: at } };
}

/** `what`: added, changed, given no longer (retired), or given again (resumed). */
export function offerChanged({ offerId, what, at }: CatalogueNews): Happening {
  return { kind: 'offer.changed', cause: `${offerId} ${what} ${at}`, data: { offerId, what, changedAt: at } };
}

/** What was noted as paid may be taken back, and be noted again. */
export function planNews(news: PlanNews): Happening {
  const { plan, at } = news;
  const about = { planId: plan.id, caseId: plan.case_id, customerId: plan.customer_id };
  if ('number' in news) {
    const data = { ...about, number: news.number };
    return news.what === 'came'
      ? { kind: 'instalment.paid', cause: `${plan.id} ${news.number} ${at}`, data: { ...data, paidAt: at } }
      : { kind: 'instalment.missed', cause: `${plan.id} ${news.number}`, data: { ...data, missedAt: at } };
  }
  if (news.what === 'done' || news.what === 'ended')
    return { kind: 'payment_plan.ended', cause: plan.id, data: { ...about, state: news.what, endedAt: at } };
  const { total_minor, instalments, rhythm, first_on: firstOn, by_customer } = news.plan;
  const terms = { totalMinor: Number(total_minor), instalments, rhythm, firstOn };
  if (news.what === 'agreed')
    return { kind: 'payment_plan.agreed', cause: plan.id, data: { ...about, ...terms, agreedAt: at } };
  const data = { ...about, ...terms, byCustomer: by_customer === 1, proposedAt: at };
  return { kind: 'payment_plan.proposed', cause: plan.id, data };
}
