import type { AudienceFilter } from '../customers/index.ts';
import type { FieldErrors, Result } from '../shared/errors.ts';
import { parsePlainMoney, plainMoney } from '../shared/money.ts';
import { readForm } from '../web/index.ts';
import { againstAudience, EXPIRES_DAYS, waveInputSchema, type Wave, type WaveInput } from './wave.ts';

/** Months back that the form offers. */
export const MONTHS_BACK = [1, 3, 6, 12, 24, 36];
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
    ...buying(typed),
    ...answering(typed),
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

const buying = (typed: Body) => ({
  boughtItem: textOf(typed.boughtItem),
  boughtWithinMonths: numberOf(typed.boughtWithin),
  purchasesFrom: numberOf(typed.purchasesFrom),
  notBoughtWithinMonths: numberOf(typed.notBoughtWithin),
});

const answering = (typed: Body) => ({
  reasons: listOf(typed.reasons),
  contentment: textOf(typed.contentment),
  answeredWithinMonths: numberOf(typed.answeredWithin),
});

/** NaN, which the schema refuses, for what is no number. */
function numberOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : Number(text);
}

/** Not asked of those who are still with us: the form begins with a period, which would leave nobody. */
const leaving = (typed: Body) => ({
  leftWithinMonths: numberOf(typed.leftWithin),
  leftFrom: textOf(typed.leftFrom),
  leftTo: textOf(typed.leftTo),
});

/** What was typed, without blanks around it; undefined where nothing was. */
export const textOf = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined);

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
  boughtWithinMonths: 'boughtWithin',
  notBoughtWithinMonths: 'notBoughtWithin',
  answeredWithinMonths: 'answeredWithin',
};

/** In words that say what to type. */
const SAID_OF: Record<string, string> = {
  worthFromMinor: 'waves.form.worth.bad',
  worthToMinor: 'waves.form.worth.bad',
  purchasesFrom: 'waves.form.purchasesFrom.bad',
};

/** Errors of `audience.leftFrom` belong to the field `leftFrom`. */
function byField(errors: FieldErrors): FieldErrors {
  const named = Object.entries(errors).map(([path, message]) => {
    const [first = '', second] = path.split('.');
    if (first === 'reminderDays') return [second === '0' ? 'reminderFirst' : 'reminderSecond', message] as const;
    const field = first === 'audience' ? (second ?? 'status') : first;
    const said = SAID_OF[field];
    return [FIELDS[field] ?? field, said === undefined ? message : { key: said }] as const;
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
  const number = (value: number | undefined) => (value === undefined ? '' : String(value));
  return {
    status: audience.status ?? '',
    leftWithin: number(audience.leftWithinMonths),
    leftFrom: audience.leftFrom ?? '',
    leftTo: audience.leftTo ?? '',
    worthFrom: money(audience.worthFromMinor),
    worthTo: money(audience.worthToMinor),
    ...Object.fromEntries(TICKED.map((name) => [name, audience[name] ?? []])),
    boughtItem: audience.boughtItem ?? '',
    boughtWithin: number(audience.boughtWithinMonths),
    purchasesFrom: number(audience.purchasesFrom),
    notBoughtWithin: number(audience.notBoughtWithinMonths),
    reasons: audience.reasons ?? [],
    contentment: audience.contentment ?? '',
    answeredWithin: number(audience.answeredWithinMonths),
  };
}

/** What the form cannot ask for, customers named one by one above all, stays as it was. */
export function unasked({ customerIds, references, contactAccountIds, turn }: AudienceFilter): AudienceFilter {
  return {
    ...(customerIds && { customerIds }),
    ...(references && { references }),
    ...(contactAccountIds && { contactAccountIds }),
    ...(turn && { turn }),
  };
}
