import { z } from 'zod';
import { audienceSchema, DEALING_KINDS, type AudienceFilter, type DealingKind } from '../customers/index.ts';
import type { Schema } from '../storage/index.ts';
import { DAY_BEGINS, DAY_ENDS } from './reminder-rules.ts';
import { reminderDaysSchema, waveInputSchema } from './wave.ts';

export const MOMENTS = [
  'rolling',
  'after_purchase',
  'before_dealing',
  'during_dealing',
  'after_dealing',
  'after_leaving',
] as const;
type ScheduleMoment = (typeof MOMENTS)[number];

const whole = (least: number, most: number, key: string) =>
  z.coerce.number(key).int(key).min(least, key).max(most, key);

/** What a person says about waves that come back by themselves. */
export const scheduleInputSchema = waveInputSchema
  .extend({
    moment: z.enum(MOMENTS),
    everyMonths: whole(1, 36, 'schedules.form.everyMonths.range').optional(),
    parts: whole(1, 52, 'schedules.form.parts.range').optional(),
    days: whole(0, 365, 'schedules.form.days.range').optional(),
    dealingKinds: z.array(z.enum(DEALING_KINDS)).default([]),
    /** Minutes since midnight in the business's time zone. */
    atMinutes: whole(DAY_BEGINS, DAY_ENDS - 1, 'schedules.form.at.range'),
    startOn: z.iso.date('schedules.form.startOn.bad'),
  })
  .check(({ value, issues }) => {
    const demand = (field: 'everyMonths' | 'days' | 'audience.status', message: string) =>
      issues.push({ code: 'custom', input: value, path: field.split('.'), message });
    if (value.moment === 'rolling' && value.everyMonths === undefined)
      demand('everyMonths', 'schedules.form.everyMonths.range');
    if (value.moment !== 'rolling' && value.days === undefined) demand('days', 'schedules.form.days.range');
    if (value.moment === 'before_dealing' && value.days === 0) demand('days', 'schedules.form.days.before');
    // Nobody is both, so that it would ask nobody, for ever and without a word.
    if (value.moment === 'after_leaving' && value.audience.status === 'active')
      demand('audience.status', 'schedules.form.status.left');
  });
export type ScheduleInput = z.infer<typeof scheduleInputSchema>;

export interface Schedule {
  id: string;
  name: string;
  moment: ScheduleMoment;
  questionnaireId: string;
  audience: AudienceFilter;
  senderAccountId: string;
  replyTo: string;
  expiresDays: number;
  reminderDays: number[];
  everyMonths: number | null;
  parts: number | null;
  days: number | null;
  dealingKinds: DealingKind[];
  atMinutes: number;
  startOn: string;
  activeFrom: string;
  state: 'on' | 'paused';
}

export function toSchedule(row: Schema['schedule']): Schedule {
  return {
    id: row.id,
    name: row.name,
    moment: row.moment,
    questionnaireId: row.questionnaire_id,
    audience: audienceSchema.parse(JSON.parse(row.audience)),
    senderAccountId: row.sender_account_id,
    replyTo: row.reply_to,
    expiresDays: row.expires_days,
    reminderDays: reminderDaysSchema.parse(JSON.parse(row.reminder_days)),
    everyMonths: row.every_months,
    parts: row.parts,
    days: row.days,
    dealingKinds: z.array(z.enum(DEALING_KINDS)).parse(JSON.parse(row.dealing_kinds)),
    atMinutes: row.at_minutes,
    startOn: row.start_on,
    activeFrom: row.active_from,
    state: row.state,
  };
}
