import { moveRows, type Tx } from '../storage/index.ts';
import { INVITATION_ROWS } from './customer-rows.ts';
import { INVITATION, REMINDER, type InvitationsDeps } from './deps.ts';
import * as store from './merge-store.ts';
import { queuedRemindersOf } from './reminder-store.ts';
import { withdrawFor } from './withdrawing.ts';

/**
 * Nothing more is sent by itself on the other record: nobody is written to twice. Then all of it is the kept one's; where both
 * are in one wave, one invitation stands for both.
 */
export async function mergeInvitations(deps: InvitationsDeps, tx: Tx, otherId: string, keptId: string): Promise<void> {
  await withdrawFor(deps, tx, [otherId]);
  await store.dropPlannedReminders(tx, await store.invitationIdsOf(tx, otherId));
  for (const { own, other } of await store.sharedWaves(tx, keptId, otherId))
    await joinTwins(deps, tx, keptId, own, other);
  await store.keepFirstDraws(tx, [keptId, otherId]);
  await store.keepLeavingsTaken(tx, [keptId, otherId], keptId);
  await moveRows(tx, INVITATION_ROWS, otherId, keptId);
}

/** Whoever opens either link comes to the one with answers in it; both, where each has its own. */
async function joinTwins(
  { mailer }: InvitationsDeps,
  tx: Tx,
  keptId: string,
  own: store.Standing,
  other: store.Standing,
) {
  if (hasAnswers(own) && hasAnswers(other)) return await store.standFor(tx, other.id, other.id);
  if (rank(other) <= rank(own)) return await store.standFor(tx, other.id, own.id);
  await store.standFor(tx, own.id, other.id);
  await store.standFor(tx, other.id, other.id);
  if (own.delivery === 'queued') await mailer.cancelQueued(tx, INVITATION, [own.id]);
  const reminders = await queuedRemindersOf(tx, keptId, own.id);
  if (reminders.length > 0) await mailer.cancelQueued(tx, REMINDER, reminders);
  await store.dropPlannedReminders(tx, [own.id]);
}

const hasAnswers = ({ progress }: store.Standing) => progress === 'started' || progress === 'completed';

function rank({ delivery, progress }: store.Standing): number {
  if (progress === 'completed') return 3;
  if (progress === 'started') return 2;
  return delivery === 'sent' || delivery === 'unknown' ? 1 : 0;
}
