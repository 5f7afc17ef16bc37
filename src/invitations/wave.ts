import { z } from 'zod';
import { audienceSchema, type AudienceFilter } from '../customers/index.ts';
import { oneAddress } from '../mailer/index.ts';
import { addMinutes } from '../shared/dates.ts';
import type { FieldErrors } from '../shared/errors.ts';
import type { Schema } from '../storage/index.ts';

type WaveRow = Schema['wave'];

export type WaveState = WaveRow['state'];
export type Delivery = Schema['invitation']['delivery'];
export type Progress = Schema['invitation']['progress'];

export const DELIVERIES = [
  'sent',
  'queued',
  'sending',
  'withheld',
  'skipped',
  'failed',
  'cancelled',
  'unknown',
] as const;
export const PROGRESSES = ['started', 'completed', 'opted_out', 'expired'] as const;

/** Why somebody in the audience is not written to. The first that holds is the one that counts. */
export const SKIP_REASONS = [
  'unsubscribed',
  'no_address',
  'suppressed',
  'no_legal_basis',
  'language',
  'recently_invited',
  'talking',
  'complaint',
] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

export const EXPIRES_DAYS = 60;

/** At most so many reminders, not on each other's heels. */
const MOST_REMINDERS = 2;
export const REMINDER_GAP_DAYS = 3;

const LAST_REMINDER_DAY = 60;

/** Days after the invitation on which reminders are due. */
export const reminderDaysSchema = z
  .array(
    z
      .int('waves.form.reminders.range')
      .min(2, 'waves.form.reminders.range')
      .max(LAST_REMINDER_DAY, 'waves.form.reminders.range'),
  )
  .max(MOST_REMINDERS, 'waves.form.reminders.range')
  .refine(([first, second]) => first === undefined || second === undefined || second - first >= REMINDER_GAP_DAYS, {
    message: 'waves.form.reminders.gap',
  });

/** What a person, or a program, says about a wave before it starts. */
export const waveInputSchema = z.object({
  questionnaireId: z.uuid('form.required'),
  name: z.string().trim().min(1, 'form.required').max(80, 'form.tooLong'),
  audience: audienceSchema,
  /** The colleague in whose name it goes out. */
  senderAccountId: z.uuid('form.required'),
  /** Where replies go; the sender's own address when left out. */
  replyTo: z
    .string()
    .trim()
    .max(254)
    .refine((typed) => typed === '' || oneAddress(typed) !== undefined, 'waves.form.replyTo.bad')
    .optional(),
  expiresDays: z.coerce
    .number('waves.form.expiresDays.range')
    .int('waves.form.expiresDays.range')
    .min(1, 'waves.form.expiresDays.range')
    .max(366, 'waves.form.expiresDays.range')
    .default(EXPIRES_DAYS),
  /** Days after the invitation on which those who have not answered are reminded; when left out, as the programme does. */
  reminderDays: reminderDaysSchema.optional(),
});
export type WaveInput = z.infer<typeof waveInputSchema>;

type Bounds = { [K in 'leftFrom' | 'leftTo' | 'worthFromMinor' | 'worthToMinor']?: AudienceFilter[K] | undefined };

/** Ends that stand before their beginnings, by field. */
export function againstAudience({ leftFrom, leftTo, worthFromMinor, worthToMinor }: Bounds): FieldErrors {
  const errors: FieldErrors = {};
  if (leftFrom && leftTo && leftFrom > leftTo) errors.leftTo = { key: 'waves.form.leftTo.before' };
  if (worthFromMinor !== undefined && worthToMinor !== undefined && worthFromMinor > worthToMinor)
    errors.worthTo = { key: 'waves.form.worthTo.below' };
  return errors;
}

export interface Wave {
  id: string;
  programmeId: string;
  versionId: string;
  name: string;
  state: WaveState;
  audience: AudienceFilter;
  senderAccountId: string | null;
  senderName: string;
  replyTo: string;
  expiresDays: number;
  createdAt: string;
  startedAt: string | null;
  /** Until then nothing leaves. */
  holdUntil: string | null;
  enrolledUpto: string | null;
  stoppedAt: string | null;
  /** Days after the invitation; in the order of the reminders. */
  reminderDays: number[];
  /** Where a paused wave goes on. */
  pausedFrom: 'starting' | 'sending' | 'finished' | null;
  /** The run of a schedule that made it. */
  scheduleRunId: string | null;
}

/** It is being written to its recipients just now, or about to be: its figures change by themselves. */
export function isLive({ state }: Pick<Wave, 'state'>): boolean {
  return state === 'starting' || state === 'sending';
}

export function toWave(row: WaveRow): Wave {
  return {
    id: row.id,
    programmeId: row.programme_id,
    versionId: row.questionnaire_version_id,
    name: row.name,
    state: row.state,
    audience: audienceSchema.parse(JSON.parse(row.audience)),
    senderAccountId: row.sender_account_id,
    senderName: row.sender_name,
    replyTo: row.reply_to,
    expiresDays: row.expires_days,
    createdAt: row.created_at,
    startedAt: row.started_at,
    holdUntil: row.hold_until,
    enrolledUpto: row.enrolled_upto,
    stoppedAt: row.stopped_at,
    reminderDays: reminderDaysSchema.parse(JSON.parse(row.reminder_days)),
    pausedFrom: row.paused_from,
    scheduleRunId: row.schedule_run_id,
  };
}

const SETTLES_DAYS = 14;
const AFTER_REMINDER_DAYS = 7;
/** Whatever began longer ago is settled, unless it is still being sent. */
export const LONGEST_COMING_IN_DAYS = LAST_REMINDER_DAY + AFTER_REMINDER_DAYS;
const MINUTES_A_DAY = 24 * 60;

/** Not everybody has been written to yet. */
export const UNDER_WAY = ['starting', 'sending', 'paused'] as const;

type Timed = Pick<Wave, 'state' | 'startedAt' | 'reminderDays'>;

/** From then on hardly anybody answers any more: two weeks after it began, and a week after its last reminder. */
export function settlesAt({ startedAt, reminderDays }: Timed): string | null {
  const days = Math.max(SETTLES_DAYS, ...reminderDays.map((day) => day + AFTER_REMINDER_DAYS));
  return startedAt === null ? null : addMinutes(startedAt, days * MINUTES_A_DAY);
}

/** Answers are still to be expected: until then its response rate says how far it has come, not how many answer. */
export const isComingIn = (wave: Timed, now: string): boolean =>
  wave.state !== 'draft' && (UNDER_WAY.some((state) => state === wave.state) || (settlesAt(wave) ?? '') > now);
