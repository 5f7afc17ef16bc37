import type { AudienceFilter } from '../customers/index.ts';
import type { FieldErrors, Result } from '../shared/errors.ts';
import { parsePlainMoney, plainMoney } from '../shared/money.ts';
import { readForm } from '../web/index.ts';
import { againstAudience, EXPIRES_DAYS, waveInputSchema, type Wave, type WaveInput } from './wave.ts';

export const LEFT_WITHIN = [1, 3, 6, 12, 24, 36];
/** Lists of which any may be ticked. */
export const TICKED = ['languages', 'countries', 'segments', 'tags'] as const;

type Body = Record<string, unknown>;

/** A posted form as a wave's input; money as people type it, in the company's currency. */
export function readWaveForm(body: unknown, currency: string): Result<WaveInput> {
  const typed = (body ?? {}) as Body;
  const worth = { worthFromMinor: amount(typed.worthFrom, currency), worthToMinor: amount(typed.worthTo, currency) };
  const audience: Record<string, unknown> & Parameters<typeof againstAudience>[0] = {
    status: textOf(typed.status),
    ...(typed.status === 'active' ? {} : leaving(typed)),
    ...Object.fromEntries(TICKED.map((name) => [name, listOf(typed[name])])),
    ...worth,
  };
  const { questionnaireId, name, senderAccountId, replyTo, expiresDays } = typed;
  const days = textOf(expiresDays) ?? String(EXPIRES_DAYS);
  const read = readForm(waveInputSchema, {
    reminderDays: reminderDaysOf(typed),
    questionnaireId,
    name,
    senderAccountId,
    replyTo,
    expiresDays: days,
    audience,
  });
  // Whoever types two things wrong hears of both at once.
  return read.ok ? read : { ok: false, errors: { ...againstAudience(audience), ...byField(read.errors) } };
}

/** Not asked of those who are still with us: the form begins with a period, which would leave nobody. */
const leaving = (typed: Body) => ({
  leftWithinMonths: textOf(typed.leftWithin) === undefined ? undefined : Number(typed.leftWithin),
  leftFrom: textOf(typed.leftFrom),
  leftTo: textOf(typed.leftTo),
});

const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

function listOf(value: unknown): string[] | undefined {
  const list = [value].flat().filter((each): each is string => typeof each === 'string' && each !== '');
  return list.length > 0 ? list : undefined;
}

/** NaN, which the schema refuses, for what is no amount. */
function amount(value: unknown, currency: string): number | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : (parsePlainMoney(text.replace(',', '.').replace(/\s/g, ''), currency) ?? NaN);
}

/** As many as are chosen, each with its days; undefined where the form did not ask. NaN, which is refused, for no number. */
function reminderDaysOf({ reminders, reminderFirst, reminderSecond }: Body): number[] | undefined {
  if (typeof reminders !== 'string' || !/^[012]$/.test(reminders)) return undefined;
  return [reminderFirst, reminderSecond].slice(0, Number(reminders)).map((days) => Number(textOf(days) ?? NaN));
}

const FIELDS: Record<string, string> = {
  leftWithinMonths: 'leftWithin',
  worthFromMinor: 'worthFrom',
  worthToMinor: 'worthTo',
};

/** Errors of `audience.leftFrom` belong to the field `leftFrom`. */
function byField(errors: FieldErrors): FieldErrors {
  const named = Object.entries(errors).map(([path, message]) => {
    const [first = '', second] = path.split('.');
    if (first === 'reminderDays') return [second === '0' ? 'reminderFirst' : 'reminderSecond', message] as const;
    const field = first === 'audience' ? (second ?? 'status') : first;
    const amount = field.startsWith('worth') ? { key: 'waves.form.worth.bad' } : message;
    return [FIELDS[field] ?? field, amount] as const;
  });
  return Object.fromEntries(named);
}

/** A wave as its form shows it again. */
export function formValues(wave: Wave, questionnaireId: string, currency: string): Record<string, string | string[]> {
  const { audience } = wave;
  return {
    questionnaireId,
    name: wave.name,
    senderAccountId: wave.senderAccountId ?? '',
    replyTo: wave.replyTo,
    expiresDays: String(wave.expiresDays),
    ...reminderValues(wave.reminderDays),
    ...audienceValues(audience, currency),
  };
}

/** Days stand in both fields, ready for whoever wants one more. */
export function reminderValues(days: number[]): Record<string, string> {
  const [first = 5, second = first + 7] = days;
  return { reminders: String(days.length), reminderFirst: String(first), reminderSecond: String(second) };
}

export function audienceValues(audience: AudienceFilter, currency: string): Record<string, string | string[]> {
  const money = (minor: number | undefined) => (minor === undefined ? '' : plainMoney(minor, currency));
  return {
    status: audience.status ?? '',
    leftWithin: audience.leftWithinMonths === undefined ? '' : String(audience.leftWithinMonths),
    leftFrom: audience.leftFrom ?? '',
    leftTo: audience.leftTo ?? '',
    worthFrom: money(audience.worthFromMinor),
    worthTo: money(audience.worthToMinor),
    ...Object.fromEntries(TICKED.map((name) => [name, audience[name] ?? []])),
  };
}
