import type { Tx } from '../storage/index.ts';
import { INVITATION, REMINDER, type InvitationsDeps } from './deps.ts';
import { queuedRemindersOf } from './reminder-store.ts';
import { queuedInvitationsOf } from './store.ts';

/** They asked us to stop writing: what waits for them is withdrawn. */
export async function withdrawFor({ mailer }: InvitationsDeps, tx: Tx, customerIds: string[]): Promise<void> {
  for (const customerId of customerIds) {
    const queued = await queuedInvitationsOf(tx, customerId);
    if (queued.length > 0) await mailer.cancelQueued(tx, INVITATION, queued);
    const reminders = await queuedRemindersOf(tx, customerId);
    if (reminders.length > 0) await mailer.cancelQueued(tx, REMINDER, reminders);
  }
}
