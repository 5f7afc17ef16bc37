import { z } from 'zod';
import { day, line, lines, typedMoney, type FormContext } from '../../customers/index.ts';
import { amountField } from '../offers/form.ts';
import { LEAST_INSTALMENTS, MOST_INSTALMENTS, RHYTHMS } from './plan-rules.ts';
import { adviceSchema, type PaymentSetting } from './setting.ts';

const MOST_SUBJECT = 120;
const MOST_WORDS = 4000;
const REASON = 300;

const revision = z.coerce.number().int().min(0).catch(-1);
const needed = <S extends z.ZodType<string>>(text: S) =>
  text.refine((typed) => typed !== '', { error: 'form.required' });
const whole = (least: number, most: number, key: string) =>
  z.coerce.number(key).int(key).min(least, key).max(most, key);
const ticked = z
  .string()
  .optional()
  .transform((value) => value === '1');

export const letterForm = z.object({
  subject: needed(line(MOST_SUBJECT).default('')),
  words: needed(lines(MOST_WORDS).default('')),
  revision,
});

export const revisionForm = z.object({ revision });

export const reasonForm = z.object({ reason: needed(line(REASON).default('')), revision });

/** A plan as a colleague types it. */
export const planForm = (context: FormContext) =>
  z.object({
    amount: amountField(context).refine((minor): minor is number => minor !== null && minor > 0, {
      error: 'form.required',
    }),
    instalments: whole(LEAST_INSTALMENTS, MOST_INSTALMENTS, 'payment.error.count'),
    rhythm: z.enum(RHYTHMS, { error: 'payment.error.choose' }),
    firstOn: day.refine((on) => on >= context.today, { error: 'payment.error.past' }),
    spoken: ticked,
  });

/** Advice is typed a line each: 'DE Name https://…'. */
const ADVICE_LINE = /^([A-Za-z]{2})\s+(.+?)\s+(https:\/\/\S+)$/;

const adviceField = lines(4000)
  .default('')
  .transform((text, context) => {
    const typed = text.split('\n').filter((each) => each.trim() !== '');
    const read = typed.map((each) => {
      const [, country = '', name = '', href = ''] = ADVICE_LINE.exec(each.trim()) ?? [];
      return adviceSchema.safeParse({ country: country.toUpperCase(), name, href });
    });
    const good = read.flatMap((each) => (each.success ? [each.data] : []));
    if (good.length === read.length && good.length <= 20) return good;
    context.addIssue({ code: 'custom', message: 'payment.error.advice' });
    return z.NEVER;
  });

export const settingForm = (context: FormContext) =>
  z.object({
    on: ticked,
    days: whole(1, 365, 'payment.error.days'),
    mostDays: whole(1, 1095, 'payment.error.days'),
    least: amountField(context).transform((minor) => minor ?? 0),
    invitesItself: ticked,
    staff: amountField(context).transform((minor) => minor ?? 0),
    staffInstalments: whole(LEAST_INSTALMENTS, MOST_INSTALMENTS, 'payment.error.count'),
    advice: adviceField,
  });

export function typedSetting(setting: PaymentSetting, context: FormContext): Record<string, string> {
  return {
    on: setting.on ? '1' : '',
    days: String(setting.days),
    mostDays: String(setting.mostDays),
    least: typedMoney(setting.leastMinor, context),
    invitesItself: setting.invitesItself ? '1' : '',
    staff: typedMoney(setting.staffMinor, context),
    staffInstalments: String(setting.staffInstalments),
    advice: setting.advice.map(({ country, name, href }) => `${country} ${name} ${href}`).join('\n'),
  };
}
