import { z } from 'zod';
import { decimalsOf, plainMoney } from '../shared/money.ts';
import type { Customer, CustomerFields } from './customer.ts';
import { day, DEALING_KINDS, FIELD_SCHEMAS, line, lines, requiredLine, tag } from './fields.ts';
import { parseMoney } from './import/money-value.ts';
import { FIELD_NAMES } from './row-rules.ts';

/** How whoever fills in a form writes amounts, and which day it is where the business is. */
export interface FormContext {
  currency: string;
  language: string;
  today: string;
}

const optionalDay = z
  .string()
  .default('')
  .transform((text) => text.trim() || null)
  .pipe(day.nullable());
const neededDay = z
  .string()
  .default('')
  .overwrite((text) => text.trim())
  .refine((text) => text !== '', { error: 'form.required', abort: true })
  .pipe(day);
const pastDay = ({ today }: FormContext) => neededDay.refine((on) => on <= today, { error: 'import.error.inFuture' });

/**
 * An amount as people write it; where a mark may be either, as the language writes it. Minor units; null where nothing
 * was typed, undefined where it is no amount.
 */
export function amountIn(
  text: string,
  { currency, language }: Pick<FormContext, 'currency' | 'language'>,
): number | null | undefined {
  const first = parseMoney(text, { currency, decimal: null });
  const parsed = first.ok ? first : parseMoney(text, { currency, decimal: language === 'en' ? '.' : ',' });
  return parsed.ok ? (parsed.value ?? null) : undefined;
}

function amount(form: FormContext) {
  return z
    .string()
    .default('')
    .transform((text, context) => {
      const minor = amountIn(text, form);
      if (minor !== undefined) return minor;
      context.addIssue({ code: 'custom', message: 'customers.error.amount' });
      return z.NEVER;
    });
}

const neededAmount = (context: FormContext) =>
  amount(context).refine((minor): minor is number => minor !== null, { error: 'form.required' });

/** As `amount` reads it again. */
export function typedMoney(minor: number | null, { currency, language }: FormContext): string {
  if (minor === null) return '';
  const plain = plainMoney(minor, currency);
  const short = decimalsOf(currency) > 0 ? plain.replace(/\.0+$/, '') : plain;
  return language === 'en' ? short : short.replace('.', ',');
}

const isOneOf = (colleagues: { id: string }[]) => (id: string) => colleagues.some((each) => each.id === id);

const tagList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((each) => each.trim())
      .filter(Boolean),
  )
  .pipe(z.array(tag).max(20, { error: 'customers.error.tooManyTags' }));

const TEXTS = [
  'title',
  'givenName',
  'familyName',
  'organisation',
  'email',
  'telephone',
  'street',
  'postalCode',
  'city',
  'region',
  'country',
  'timeZone',
  'segment',
  'legalBasisSource',
  'notes',
] as const;
type Texts = { [K in (typeof TEXTS)[number]]: z.ZodDefault<(typeof FIELD_SCHEMAS)[K]> };
const texts = Object.fromEntries(TEXTS.map((name) => [name, FIELD_SCHEMAS[name].default('')])) as unknown as Texts;

/** The form of one customer, for adding and editing alike; whom they know by name is one of these. */
export function customerForm(context: FormContext, colleagues: { id: string }[]) {
  return z
    .object({
      ...texts,
      reference: line(64).default(''),
      greetingForm: z.enum(['formal', 'familiar', 'own']).default('formal'),
      greetingText: line(120).default(''),
      language: FIELD_SCHEMAS.language.default(''),
      customerSince: optionalDay,
      status: FIELD_SCHEMAS.status.default('active'),
      leftOn: optionalDay,
      tags: tagList,
      contactAccountId: z
        .union([z.literal('').transform(() => null), z.string().refine(isOneOf(colleagues), 'form.invalid')])
        .default(null),
      yearlyValue: amount(context),
      legalBasis: FIELD_SCHEMAS.legalBasis.default(''),
      legalBasisOn: optionalDay,
      revision: z.coerce.number().int().min(0).default(0),
      anyway: z.string().optional(),
    })
    .superRefine((form, issues) => {
      const wrong = (field: keyof typeof form, message: string) =>
        issues.addIssue({ code: 'custom', path: [field], message });
      if (!form.familyName && !form.givenName && !form.organisation) wrong('familyName', 'customers.error.nameless');
      if (form.greetingForm === 'own' && !form.greetingText) wrong('greetingText', 'form.required');
      if ((form.yearlyValue ?? 0) < 0) wrong('yearlyValue', 'customers.error.negative');
      for (const each of ['customerSince', 'leftOn', 'legalBasisOn'] as const) {
        if ((form[each] ?? '') > context.today) wrong(each, 'import.error.inFuture');
      }
      if (form.status === 'left' && form.leftOn === null) wrong('leftOn', 'form.required');
      if (form.status === 'left' && (form.leftOn ?? '9') < (form.customerSince ?? '')) {
        wrong('leftOn', 'import.error.leftBeforeCame');
      }
      if (form.legalBasis !== '' && form.legalBasisSource === '')
        wrong('legalBasisSource', 'import.error.noBasisSource');
      if (form.legalBasis !== '' && form.legalBasisOn === null) wrong('legalBasisOn', 'import.error.noBasisDate');
    });
}

type CustomerForm = z.infer<ReturnType<typeof customerForm>>;

export function fieldsOfForm({
  greetingForm,
  greetingText,
  yearlyValue,
  ...form
}: CustomerForm): Partial<CustomerFields> {
  const named = FIELD_NAMES.filter((name): name is keyof typeof form & keyof CustomerFields => name in form);
  return {
    ...Object.fromEntries(named.map((name) => [name, form[name]])),
    greeting: greetingForm === 'own' ? greetingText : greetingForm,
    yearlyValueMinor: yearlyValue,
    leftOn: form.status === 'left' ? form.leftOn : null,
  };
}

/** What stands in the form before anybody types. */
export function formOf(customer: Customer, context: FormContext): Record<string, string> {
  const { greeting, tags, yearlyValueMinor } = customer;
  const own = greeting !== 'formal' && greeting !== 'familiar';
  const plain = Object.fromEntries(TEXTS.map((name) => [name, customer[name]]));
  return {
    ...plain,
    reference: customer.reference,
    greetingForm: own ? 'own' : greeting,
    greetingText: own ? greeting : '',
    language: customer.language,
    customerSince: customer.customerSince ?? '',
    status: customer.status,
    leftOn: customer.leftOn ?? '',
    tags: tags.join(', '),
    contactAccountId: customer.contactAccountId ?? '',
    yearlyValue: typedMoney(yearlyValueMinor, context),
    legalBasis: customer.legalBasis,
    legalBasisOn: customer.legalBasisOn ?? '',
    revision: String(customer.revision),
  };
}

/** How somebody told us something about themselves. */
export const WAYS_TO_TELL = ['telephone', 'letter', 'mail', 'inPerson'] as const;
const toldBy = z.enum(WAYS_TO_TELL, { error: 'form.required' });

/** The small forms: one thing done with one customer. */
export const SMALL_FORMS = {
  departure: (context: FormContext) => z.object({ on: pastDay(context) }),
  unsubscription: () => z.object({ how: toldBy }),
  resubscription: () =>
    z.object({ how: toldBy, reason: lines(500).refine((text) => text !== '', { error: 'form.required' }) }),
  tags: () => z.object({ tags: tagList }),
  payment: (context: FormContext) => z.object({ on: pastDay(context) }),
  purchases: (context: FormContext) =>
    z.object({
      purchasedOn: pastDay(context),
      amount: neededAmount(context),
      item: line(200).default(''),
      reference: line(64).default(''),
    }),
  invoices: (context: FormContext) =>
    z
      .object({
        number: requiredLine(64),
        amount: neededAmount(context),
        issuedOn: optionalDay,
        dueOn: neededDay,
        paidOn: optionalDay.refine((on) => (on ?? '') <= context.today, { error: 'import.error.inFuture' }),
      })
      .refine((form) => form.dueOn >= (form.issuedOn ?? ''), {
        path: ['dueOn'],
        error: 'import.error.endsBeforeBegins',
      }),
  dealings: () =>
    z
      .object({
        kind: z.enum(DEALING_KINDS, { error: 'form.required' }),
        fromOn: neededDay,
        toOn: optionalDay,
        reference: line(64).default(''),
        note: lines(1000).default(''),
      })
      .refine((form) => form.toOn === null || form.toOn >= form.fromOn, {
        path: ['toOn'],
        error: 'import.error.endsBeforeBegins',
      }),
};
