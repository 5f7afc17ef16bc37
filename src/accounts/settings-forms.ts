import { z } from 'zod';
import { ADDRESSES, languageCodes } from '../i18n/index.ts';
import { isTopic } from '../mailer/index.ts';
import { isTimeZone } from '../shared/dates.ts';
import { isCurrency } from '../shared/money.ts';
import { isCountry } from './choices.ts';
import { WEEKDAYS, type Hours, type Stored, type WorkingHours } from './company.ts';
import type { MailForm } from './mail-settings-service.ts';
import { block, emailField, languageField, line, requiredLine } from './people-forms.ts';

const optionalEmail = z.union([z.literal(''), emailField], 'accounts.email.invalid');

export const companyForm = z.object({
  name: requiredLine(),
  address: block(500),
  telephone: line(50),
  email: line(254).pipe(optionalEmail),
}) satisfies z.ZodType<Stored['company']>;

const TIME = /^([01]\d|2[0-3]):[0-5]\d$/;
const timeField = line(5).regex(/^$|^([01]\d|2[0-3]):[0-5]\d$/, 'accounts.hours.time');

const hourFields = Object.fromEntries(
  WEEKDAYS.flatMap((day) => [
    [`${day}_from`, timeField],
    [`${day}_to`, timeField],
  ]),
);

/** The names of a weekday's two fields in the form. */
function hoursOf(values: Record<string, unknown>, day: string): Hours | null {
  const [from, to] = [values[`${day}_from`], values[`${day}_to`]];
  return typeof from === 'string' && typeof to === 'string' && TIME.test(from) && TIME.test(to) ? { from, to } : null;
}

export const placeForm = z
  .object({
    timeZone: line().refine(isTimeZone, 'form.invalid'),
    currency: line(3).refine(isCurrency, 'form.invalid'),
    country: line(2).refine(isCountry, 'form.invalid'),
    defaultLanguage: languageField,
    ...hourFields,
  })
  .superRefine((values: Record<string, unknown>, context) => {
    for (const day of WEEKDAYS) {
      const [from, to] = [values[`${day}_from`], values[`${day}_to`]];
      if (from === '' && to === '') continue;
      const hours = hoursOf(values, day);
      if (!hours || hours.from >= hours.to) {
        context.addIssue({ code: 'custom', path: [`${day}_to`], message: 'accounts.hours.order' });
      }
    }
  })
  .transform((values): Stored['place'] => ({
    timeZone: values.timeZone,
    currency: values.currency,
    country: values.country,
    defaultLanguage: values.defaultLanguage,
    workingHours: Object.fromEntries(WEEKDAYS.map((day) => [day, hoursOf(values, day)])) as WorkingHours,
  }));

const addressFields = Object.fromEntries(
  Object.keys(ADDRESSES).map((code) => [`address_${code}`, z.enum(['polite', 'familiar'], 'form.invalid')]),
);

/** How customers are addressed, for each language that has two ways. */
export const addressForm = z.object(addressFields).transform((values): Stored['addressing'] => ({
  familiar: Object.keys(ADDRESSES).filter((code) => values[`address_${code}`] === 'familiar'),
}));

const noticeFields = Object.fromEntries(
  languageCodes.flatMap((code) => [
    [`imprint_${code}`, block(10_000)],
    [`privacy_${code}`, block(10_000)],
  ]),
) as Record<string, ReturnType<typeof block>>;

const textsOf = (values: Record<string, unknown>, prefix: string) =>
  Object.fromEntries(languageCodes.map((code) => [code, String(values[`${prefix}_${code}`] ?? '')]));

export const noticesForm = z
  .object({
    retentionMonths: z.coerce
      .number('accounts.retention.range')
      .int('accounts.retention.range')
      .min(1, 'accounts.retention.range')
      .max(240, 'accounts.retention.range'),
    ...noticeFields,
  })
  .transform((values): Stored['notices'] => ({
    retentionMonths: Number(values.retentionMonths),
    imprint: textsOf(values, 'imprint'),
    privacyNotice: textsOf(values, 'privacy'),
  }));

const HOST = /^[\p{L}\p{N}]([\p{L}\p{N}.:-]*[\p{L}\p{N}])?$/u;

const MOST_PER_SECOND = 1000;
const MOST_CONNECTIONS = 20;

/** Empty is null; with a comma or a point. */
const optionalNumber = z
  .string()
  .default('')
  .transform((text) => text.trim().replace(',', '.'))
  .transform((text) => (text === '' ? null : Number(text)));

export const mailForm = z
  .object({
    host: line(253).refine((host) => host === '' || HOST.test(host), 'accounts.mail.hostInvalid'),
    port: z.coerce
      .number('accounts.mail.portInvalid')
      .int('accounts.mail.portInvalid')
      .min(1, 'accounts.mail.portInvalid')
      .max(65535, 'accounts.mail.portInvalid'),
    security: z.enum(['auto', 'starttls', 'tls', 'none'], 'form.invalid'),
    user: line(),
    password: z.string().max(500, 'form.tooLong').default(''),
    from: line(254).pipe(optionalEmail),
    perSecond: optionalNumber.refine(
      (value) => value === null || (value >= 0.01 && value <= MOST_PER_SECOND),
      'accounts.mail.perSecondInvalid',
    ),
    connections: optionalNumber.refine(
      (value) => value === null || (Number.isInteger(value) && value >= 1 && value <= MOST_CONNECTIONS),
      'accounts.mail.connectionsInvalid',
    ),
  })
  .refine((mail) => mail.host === '' || mail.from !== '', { path: ['from'], message: 'accounts.mail.fromMissing' })
  .transform((mail): MailForm => mail);

export const sesForm = z.object({
  topicArn: line(350).refine(isTopic, 'accounts.hooks.topicInvalid'),
});

/** Mailgun's are 32 hexadecimal digits; a new kind of key should not need a new version of ours. */
export const mailgunForm = z.object({
  signingKey: line(200).refine((key) => /^[\x21-\x7e]{16,200}$/.test(key), 'accounts.hooks.keyInvalid'),
});
