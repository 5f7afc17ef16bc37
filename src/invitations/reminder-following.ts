import { timestamp } from '../shared/clock.ts';
import type { OnState } from '../mailer/index.ts';
import type { Schema, Tx } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { planNext } from './reminder-planning.ts';
import { mayHaveNext } from './reminder-rules.ts';
import { moveReminders, remindedInvitations, type ReminderState } from './reminder-store.ts';
import { findWaves } from './wave-store.ts';

type ReminderRow = Schema['reminder'];

/** Keeps reminders equal to their mails, in the transaction that changes those. */
export function followReminders(deps: InvitationsDeps): OnState {
  return async (tx, changes) => {
    for (const [key, group] of Map.groupBy(changes, ({ state, error }) => JSON.stringify([state, error]))) {
      const [state, error] = JSON.parse(key) as [Exclude<ReminderState, 'planned'>, string | null];
      await follow(deps, tx, { ids: group.map(({ subjectId }) => subjectId), state, error });
    }
  };
}

interface MailNews {
  ids: string[];
  state: Exclude<ReminderState, 'planned'>;
  error: string | null;
}

const UNDER_WAY: ReminderState[] = ['queued', 'sending', 'sent', 'unknown', 'failed'];

async function follow(deps: InvitationsDeps, tx: Tx, { ids, state, error }: MailNews): Promise<void> {
  const now = timestamp(deps.clock);
  const change = { state, reason: state === 'queued' ? null : error, ...(state === 'sent' ? { sent_at: now } : {}) };
  const rows = await moveReminders(tx, ids, UNDER_WAY, change);
  const goesOn = state === 'sent' || state === 'unknown' || (state === 'cancelled' && mayHaveNext(error ?? ''));
  if (goesOn) await planNext(deps, tx, rows, state === 'cancelled' ? null : now);
  if (state === 'sent') await tellTimeline(deps, tx, rows);
}

async function tellTimeline({ customers }: InvitationsDeps, tx: Tx, rows: ReminderRow[]): Promise<void> {
  const waves = await findWaves(tx, [...new Set(rows.map((row) => row.wave_id))]);
  const invitations = await remindedInvitations(
    tx,
    rows.map((row) => row.invitation_id),
  );
  await customers.recordEvents(
    tx,
    rows.flatMap((row) => {
      const customerId = invitations.get(row.invitation_id)?.customer_id;
      const detail = { wave: waves.get(row.wave_id)?.name ?? '' };
      return customerId ? [{ customerId, kind: 'invitations.reminded', subjectId: row.invitation_id, detail }] : [];
    }),
  );
}
