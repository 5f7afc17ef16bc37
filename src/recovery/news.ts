import type { RecoveryDeps } from './deps.ts';
import type { NextNeeds } from './next-needs/service.ts';
import type { Offers } from './offers/service.ts';
import type { Winback } from './winback/service.ts';

interface Listening {
  winback: Pick<Winback, 'onCustomersChanged' | 'onUnsubscribed' | 'refresh' | 'spoken'>;
  offers: Pick<Offers, 'onCustomersChanged' | 'given'>;
  nextNeeds: Pick<NextNeeds, 'onCustomersChanged' | 'nudged'>;
}

/** What changes for those who may be won back, for offers, and for what customers need next. */
export function listenToNews(
  { customers, coding, invitations }: Pick<RecoveryDeps, 'customers' | 'coding' | 'invitations'>,
  { winback, offers, nextNeeds }: Listening,
): void {
  customers.onChanged(offers.onCustomersChanged);
  customers.onChanged(nextNeeds.onCustomersChanged);
  customers.onChanged(winback.onCustomersChanged);
  customers.onUnsubscribed(winback.onUnsubscribed);
  customers.onUnsubscribed(nextNeeds.onCustomersChanged);
  coding.onMainReason(winback.refresh);
  invitations.onChanged(winback.refresh);
  customers.onRemoving(async (tx, ids) => [
    ...new Set([
      ...(await winback.spoken(tx, ids)),
      ...(await offers.given(tx, ids)),
      ...(await nextNeeds.nudged(tx, ids)),
    ]),
  ]);
}
