import type { Webhooks } from '../api/index.ts';
import type { Asking } from './asking.ts';
import type { Caring } from './caring.ts';
import type { Letters } from './letters.ts';
import type { Merging } from '../merging/index.ts';
import type { Privacy } from '../privacy/index.ts';
import type { Records } from './records.ts';
import { wireBounces } from './wire-bounces.ts';

type Everything = Letters & Records & Asking & Caring & { privacy: Privacy; merging: Merging; webhooks: Webhooks };

/** News travels from an earlier feature to a later one, in the same transaction. */
export function passNewsOn(all: Everything): void {
  const { customers, invitations, responses, telephone, coding, recovery, reports } = all;
  customers.onChanged(reports.refreshLeavers);
  customers.onChanged(coding.refreshWorth);
  customers.onUnsubscribed(invitations.withdrawFor);
  customers.onRemoving(invitations.invited);
  invitations.onChanged(reports.refreshLeavers);
  wireBounces(all);
  responses.onSubmitted(telephone.onSubmitted);
  customers.onUnsubscribed(telephone.onUnsubscribed);
  coding.onMainReason(reports.refreshLeavers);
  coding.onRead(reports.noteRead);
  recovery.winback.onReason(reports.refreshLeavers);
  all.webhooks.listenTo(all);
}
