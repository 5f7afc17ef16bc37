import { timestamp } from '../shared/clock.ts';
import { newId } from '../shared/ids.ts';
import type { Schema, Tx } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { roughlyDue } from './reminder-rules.ts';
import * as store from './reminder-store.ts';
import { findWaves } from './wave-store.ts';
import type { Wave } from './wave.ts';

type ReminderRow = Schema['reminder'];

/** The second of two reminders. */
export async function planNext(
  deps: InvitationsDeps,
  tx: Tx,
  rows: ReminderRow[],
  previousSentAt: string | null,
): Promise<void> {
  const waves = await findWaves(tx, [...new Set(rows.map((row) => row.wave_id))]);
  const invitations = await store.remindedInvitations(
    tx,
    rows.map((row) => row.invitation_id),
  );
  const next = rows.flatMap((row) => {
    const days = waves.get(row.wave_id)?.reminderDays[row.number];
    const sentAt = invitations.get(row.invitation_id)?.sent_at;
    if (days === undefined || !sentAt) return [];
    const dueAt = roughlyDue(sentAt, days, previousSentAt);
    return [reminderRow(deps, { id: row.invitation_id, waveId: row.wave_id }, row.number + 1, dueAt)];
  });
  await store.insertReminders(tx, next);
}

/** The first reminders of invitations that have just been sent. */
export async function planFirst(
  deps: InvitationsDeps,
  tx: Tx,
  invitations: { id: string; wave_id: string }[],
  { waves, sentAt }: { waves: Map<string, Wave>; sentAt: string },
): Promise<void> {
  const rows = invitations.flatMap(({ id, wave_id }) => {
    const days = waves.get(wave_id)?.reminderDays[0];
    return days === undefined ? [] : [reminderRow(deps, { id, waveId: wave_id }, 1, roughlyDue(sentAt, days, null))];
  });
  await store.insertReminders(tx, rows);
}

function reminderRow(
  { clock }: Pick<InvitationsDeps, 'clock'>,
  invitation: { id: string; waveId: string },
  number: number,
  dueAt: string,
): ReminderRow {
  return {
    id: newId(clock),
    invitation_id: invitation.id,
    wave_id: invitation.waveId,
    number,
    state: 'planned',
    reason: null,
    due_at: dueAt,
    sent_at: null,
    created_at: timestamp(clock),
  };
}
