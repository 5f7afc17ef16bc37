import { z } from 'zod';
import { isPlainDate } from '../../shared/dates.ts';
import { isId } from '../../shared/ids.ts';
import { decimalsOf } from '../../shared/money.ts';
import { OUTCOMES, ROOT_CAUSES } from './closing-views.ts';
import { REMEDIES } from './remedies.ts';
import { CHANNELS } from './steps.ts';
import { maybeWords, words } from './typed-words.ts';

const LONG = 5000;
const SHORT = 300;

export const stepSchema = (step: string) =>
  z.object({
    [`said_${step}`]: words(LONG, 'cases.error.said'),
    [`channel_${step}`]: z.enum(CHANNELS, { error: 'cases.error.channel' }),
  });
/** Whether the words are to go as a mail, and with which gifts; undefined where not. */
export function mailWish(step: string, body: unknown): { given: string[] } | undefined {
  const typed = (body ?? {}) as Record<string, unknown>;
  if (typed[`mail_${step}`] !== '1') return undefined;
  return { given: [typed[`given_${step}`] ?? []].flat().filter(isId) };
}
export const skipSchema = (step: string) => z.object({ [`reason_${step}`]: words(LONG, 'cases.error.reason') });
export const noteSchema = z.object({ note: words(LONG, 'cases.error.note') });
export const hurrySchema = z.object({ hurry: words(SHORT, 'cases.error.reason') });
export const exceptionSchema = z.object({
  waived: words(SHORT, 'cases.error.waived'),
  why: words(LONG, 'cases.error.reason'),
});
export const ownerSchema = z.object({
  owner: z.string().catch(''),
  from: z.string().catch(''),
  word: maybeWords(LONG),
});
export const snoozeSchema = (today: string) =>
  z.object({
    day: z
      .string({ error: 'cases.error.day' })
      .refine(isPlainDate, 'cases.error.day')
      .refine((day) => !isPlainDate(day) || day > today, 'cases.error.past'),
  });
export const mergeSchema = z.object({
  number: z
    .string({ error: 'cases.error.number' })
    .trim()
    .regex(/^\d{1,9}$/, 'cases.error.number'),
});
export const heardSchema = z.object({
  answer: z.enum(['yes', 'no'], { error: 'cases.error.heard' }),
  theirWords: words(LONG, 'cases.error.theirWords'),
});
export const reopenSchema = z.object({ reason: words(LONG, 'cases.error.reason') });
export const closingSchema = z.object({
  rootCause: z.enum(ROOT_CAUSES as [string], { error: 'cases.error.rootCause' }),
  action: words(LONG, 'cases.error.action'),
  outcome: z.enum(OUTCOMES as [string], { error: 'cases.error.outcome' }),
  noQuestion: maybeWords(SHORT),
  revision: z.coerce.number().int().min(0).optional().catch(undefined),
});
export const remedySchema = (currency: string) =>
  z.object({
    kind: z.enum(REMEDIES, { error: 'cases.error.remedy' }),
    what: words(LONG, 'cases.error.what'),
    amount: z
      .string()
      .catch('')
      .transform((typed, check) => {
        const minor = minorOf(typed, currency);
        if (minor === undefined) check.addIssue({ code: 'custom', message: 'cases.error.amount' });
        return minor ?? 0;
      }),
  });

/** Who asked for it has to say something to the customer: nothing is declined without a word. */
export const decisionSchema = z
  .object({ answer: z.enum(['yes', 'no'], { error: 'cases.error.answer' }), reason: maybeWords(SHORT) })
  .refine(({ answer, reason }) => answer === 'yes' || reason !== '', {
    error: 'cases.error.declined',
    path: ['reason'],
  });

const AMOUNT = /^(\d{1,9})(?:[.,](\d+))?$/;

/** '12,50' or '12.50' in minor units; 0 where nothing was typed; undefined for what is no amount. */
export function minorOf(typed: string, currency: string): number | undefined {
  const plain = typed.replace(/[\s\u00a0]/g, '');
  if (plain === '') return 0;
  const decimals = decimalsOf(currency);
  const [, whole, fraction = ''] = AMOUNT.exec(plain) ?? [];
  if (whole === undefined || fraction.length > decimals) return undefined;
  return Number(whole + fraction.padEnd(decimals, '0'));
}
