import { z } from 'zod';
import { isPlainDate, isTimeZone } from '../shared/dates.ts';
import { emailKey, parseEmail, parseTelephone } from './import/contact-value.ts';
import { LANGUAGE_CODES, parseCountry } from './import/place-value.ts';
import { hasHiddenCharacter, manyLines, oneLine, type Parsed } from './import/text-value.ts';
import { DEALING_KINDS, LEGAL_BASES } from './import/word-value.ts';

export { DEALING_KINDS, LANGUAGE_CODES, LEGAL_BASES, emailKey };

const isClean = (text: string) => !hasHiddenCharacter(text);
const HIDDEN = { error: 'import.error.hiddenCharacter' };
const TOO_LONG = { error: 'form.tooLong' };

/** One line of text without control characters; '' where there is none. */
export const line = (max: number) => z.string().overwrite(oneLine).max(max, TOO_LONG).refine(isClean, HIDDEN);
export const lines = (max: number) => z.string().overwrite(manyLines).max(max, TOO_LONG).refine(isClean, HIDDEN);
export const requiredLine = (max: number) => line(max).refine((text) => text !== '', { error: 'form.required' });

/** A day that exists, from 1900 to 2200. */
export const day = z
  .string()
  .refine((text) => isPlainDate(text) && text >= '1900-01-01' && text < '2200-01-01', { error: 'customers.error.day' });

/** Amounts within what a JavaScript number, and any business, holds exactly: minor units. */
export const money = z
  .int('customers.error.amount')
  .min(-1e13, 'customers.error.amount')
  .max(1e13, 'customers.error.amount');

/** Text that one of the readers of files understands, kept as that reader writes it. */
function readBy(read: (text: string) => Parsed<string>, max: number) {
  return line(max)
    .superRefine((text, context) => {
      const parsed = read(text);
      if (parsed.ok) return;
      const message = parsed.key.endsWith('.tooLong') ? 'form.tooLong' : parsed.key;
      context.addIssue({ code: 'custom', message, input: text, params: { most: parsed.values?.max } });
    })
    .overwrite((text) => {
      const parsed = read(text);
      return parsed.ok ? parsed.value : text;
    });
}

export const tag = line(40).refine((text) => text !== '' && !text.includes(','), { error: 'customers.error.tag' });

/** Once each, whatever their case; in the order given. */
function distinct(tags: string[]): string[] {
  return [...new Map(tags.toReversed().map((each) => [each.toLowerCase(), each])).values()].toReversed();
}

export const FIELD_SCHEMAS = {
  reference: requiredLine(64),
  title: line(40),
  givenName: line(100),
  familyName: line(100),
  organisation: line(200),
  greeting: line(120).overwrite((text) => text || 'formal'),
  email: readBy(parseEmail, 320),
  telephone: readBy(parseTelephone, 60),
  street: line(200),
  postalCode: line(20),
  city: line(100),
  region: line(100),
  country: readBy(parseCountry, 100),
  language: z.literal(['', ...LANGUAGE_CODES], { error: 'import.error.notALanguage' }),
  timeZone: line(60).refine((text) => text === '' || isTimeZone(text), { error: 'import.error.notATimeZone' }),
  customerSince: day.nullable(),
  status: z.enum(['active', 'left']),
  leftOn: day.nullable(),
  segment: line(60),
  tags: z.array(tag).max(20, { error: 'customers.error.tooManyTags' }).overwrite(distinct),
  contactAccountId: z.uuid().nullable(),
  yearlyValueMinor: money.min(0, 'customers.error.negative').nullable(),
  legalBasis: z.enum(['', ...LEGAL_BASES]),
  legalBasisSource: line(200),
  legalBasisOn: day.nullable(),
  notes: lines(5000),
};

/** A legal basis counts only with where it comes from and since when. */
function basisIsComplete(row: {
  legalBasis?: string | undefined;
  legalBasisSource?: string | undefined;
  legalBasisOn?: string | null | undefined;
}): boolean {
  return !row.legalBasis || (!!row.legalBasisSource && !!row.legalBasisOn);
}

/**
 * A customer as another system has them: the reference, and whatever else it knows. What is absent stays as it is;
 * '' and null empty a field. The three parts of a legal basis come together.
 */
export const customerRowSchema = z
  .object({
    ...z.object(FIELD_SCHEMAS).partial().shape,
    reference: FIELD_SCHEMAS.reference,
    contactEmail: readBy(parseEmail, 320).optional(),
  })
  .refine(basisIsComplete, { path: ['legalBasis'], error: 'customers.error.basisIncomplete' });

export const purchaseRowSchema = z.object({
  customerReference: requiredLine(64),
  purchasedOn: day,
  amountMinor: money,
  item: line(200).default(''),
  reference: line(64).default(''),
});

export const invoiceRowSchema = z.object({
  customerReference: requiredLine(64),
  number: requiredLine(64),
  issuedOn: day.nullable().default(null),
  amountMinor: money,
  dueOn: day,
  paidOn: day.nullable().default(null),
});

export const dealingRowSchema = z.object({
  customerReference: requiredLine(64),
  kind: z.enum(DEALING_KINDS),
  fromOn: day,
  toOn: day.nullable().default(null),
  reference: line(64).default(''),
  note: lines(1000).default(''),
});
