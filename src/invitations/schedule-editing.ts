import { accountOf, type Actor } from '../shared/actor.ts';
import { timestamp } from '../shared/clock.ts';
import { Conflict, type Result } from '../shared/errors.ts';
import { newId } from '../shared/ids.ts';
import { localTime } from '../shared/zones.ts';
import type { Schema } from '../storage/index.ts';
import type { InvitationsDeps } from './deps.ts';
import { draftOf } from './drafts.ts';
import type { ScheduleInput } from './schedule.ts';
import * as store from './schedule-store.ts';

export async function createSchedule(
  deps: InvitationsDeps,
  actor: Actor,
  input: ScheduleInput,
): Promise<Result<{ id: string }>> {
  const { storage, clock, accounts } = deps;
  const columns = await columnsOf(deps, input);
  if (!columns.ok) return columns;
  const id = newId(clock);
  const now = timestamp(clock);
  const day = await today(deps);
  await storage.transaction(async (tx) => {
    const made = { created_by: accountOf(actor), created_at: now, changed_at: now };
    const active_from = input.startOn > day ? input.startOn : day;
    await store.insertSchedule(tx, { ...columns.value, id, active_from, state: 'on', ...made });
    await accounts.audit(tx, actor, 'schedules.created', { kind: 'schedule', id });
  });
  return { ok: true, value: { id } };
}

/** Of a schedule that there is. */
export async function changeSchedule(
  deps: InvitationsDeps,
  actor: Actor,
  id: string,
  input: ScheduleInput,
): Promise<Result<{ id: string }>> {
  const { storage, clock, accounts } = deps;
  const columns = await columnsOf(deps, input);
  if (!columns.ok) return columns;
  const active_from = await today(deps);
  await storage.transaction(async (tx) => {
    // What the old rule would have asked about is over; the new one begins today.
    await store.changeSchedule(tx, id, { ...columns.value, active_from, changed_at: timestamp(clock) });
    await accounts.audit(tx, actor, 'schedules.changed', { kind: 'schedule', id });
  });
  return { ok: true, value: { id } };
}

/** @throws Conflict where it is paused already */
export async function pauseSchedule({ storage, accounts }: InvitationsDeps, actor: Actor, id: string): Promise<void> {
  await storage.transaction(async (tx) => {
    if (!(await store.switchSchedule(tx, id, { state: 'paused' }))) throw new Conflict('schedules.error.moved');
    await accounts.audit(tx, actor, 'schedules.paused', { kind: 'schedule', id });
  });
}

/** @throws Conflict where it runs already */
export async function resumeSchedule(deps: InvitationsDeps, actor: Actor, id: string): Promise<void> {
  const active_from = await today(deps);
  await deps.storage.transaction(async (tx) => {
    const resumed = await store.switchSchedule(tx, id, { state: 'on', active_from });
    if (!resumed) throw new Conflict('schedules.error.moved');
    await deps.accounts.audit(tx, actor, 'schedules.resumed', { kind: 'schedule', id });
  });
}

async function today({ accounts, clock }: InvitationsDeps): Promise<string> {
  return localTime((await accounts.company()).timeZone, timestamp(clock)).day;
}

async function columnsOf(deps: InvitationsDeps, input: ScheduleInput): Promise<Result<Columns>> {
  const draft = await draftOf(deps, input);
  if (!draft.ok) return draft;
  const { name, audience, sender_account_id, reply_to, expires_days, reminder_days } = draft.value;
  const rolling = input.moment === 'rolling';
  return {
    ok: true,
    value: {
      name,
      audience,
      sender_account_id: sender_account_id ?? input.senderAccountId,
      reply_to,
      expires_days,
      reminder_days,
      moment: input.moment,
      questionnaire_id: input.questionnaireId,
      every_months: rolling ? (input.everyMonths ?? 1) : null,
      parts: rolling ? (input.parts ?? 1) : null,
      days: rolling ? null : (input.days ?? 0),
      dealing_kinds: JSON.stringify(input.dealingKinds),
      at_minutes: input.atMinutes,
      start_on: input.startOn,
    },
  };
}

type Columns = Omit<Schema['schedule'], 'id' | 'active_from' | 'state' | 'created_by' | 'created_at' | 'changed_at'>;
