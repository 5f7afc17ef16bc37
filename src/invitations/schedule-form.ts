import type { FieldErrors, Result } from '../shared/errors.ts';
import { readForm } from '../web/index.ts';
import { scheduleInputSchema, type Schedule, type ScheduleInput } from './schedule.ts';
import { audienceValues, readWaveForm, reminderValues, textOf } from './wave-form.ts';

type Body = Record<string, unknown>;

/** '09:30' as minutes since midnight; NaN, which is refused, for anything else. */
function minutesOf(value: unknown): number {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})/.exec(textOf(value) ?? '') ?? [];
  return hours === undefined ? NaN : Number(hours) * 60 + Number(minutes);
}

const clockOf = (minutes: number) =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/** A posted form as a schedule: the fields of a wave, and when it comes back. */
export function readScheduleForm(body: unknown, currency: string): Result<ScheduleInput> {
  const typed = (body ?? {}) as Body;
  const wave = readWaveForm(typed, currency);
  const when = {
    moment: typed.moment,
    everyMonths: typed.moment === 'rolling' ? textOf(typed.everyMonths) : undefined,
    parts: typed.moment === 'rolling' ? textOf(typed.parts) : undefined,
    days: typed.moment === 'rolling' ? undefined : textOf(typed.days),
    dealingKinds: [typed.dealingKinds ?? []].flat(),
    atMinutes: minutesOf(typed.at),
    startOn: textOf(typed.startOn) ?? '',
  };
  const parsed = readForm(scheduleInputSchema, { ...(wave.ok ? wave.value : STAND_IN), ...when });
  if (wave.ok && parsed.ok) return parsed;
  const errors = { ...(wave.ok ? {} : wave.errors), ...(parsed.ok ? {} : renamed(parsed.errors)) };
  return { ok: false, errors };
}

/** So that faults in when it runs are told together with those of the wave. */
const STAND_IN = {
  questionnaireId: '00000000-0000-7000-8000-000000000000',
  senderAccountId: '00000000-0000-7000-8000-000000000000',
  name: '-',
  audience: {},
};

const FIELDS: Record<string, string> = { atMinutes: 'at', 'audience.status': 'status' };

function renamed(errors: FieldErrors): FieldErrors {
  return Object.fromEntries(Object.entries(errors).map(([field, error]) => [FIELDS[field] ?? field, error]));
}

/** A schedule as its form shows it again. */
export function scheduleValues(schedule: Schedule, currency: string): Record<string, string | string[]> {
  const number = (value: number | null) => (value === null ? '' : String(value));
  return {
    questionnaireId: schedule.questionnaireId,
    name: schedule.name,
    senderAccountId: schedule.senderAccountId,
    replyTo: schedule.replyTo,
    expiresDays: String(schedule.expiresDays),
    ...reminderValues(schedule.reminderDays),
    ...audienceValues(schedule.audience, currency),
    moment: schedule.moment,
    everyMonths: number(schedule.everyMonths),
    parts: number(schedule.parts),
    days: number(schedule.days),
    dealingKinds: schedule.dealingKinds,
    at: clockOf(schedule.atMinutes),
    startOn: schedule.startOn,
  };
}
