import { z } from 'zod';
import { amountIn, day, line, lines, typedMoney, type FormContext } from '../../customers/index.ts';
import { languageCodes } from '../../i18n/index.ts';
import { CODE_KINDS, FOR_WHOM, OFFER_KINDS, OFFER_LIMITS, ROLES, type Offer, type OfferInput } from './offer.ts';

/** Amounts as people write them, none below nothing; '' is null. */
export function amountField(form: FormContext) {
  return z
    .string()
    .default('')
    .transform((text, context) => {
      const minor = amountIn(text, form);
      if (minor !== undefined && (minor ?? 0) >= 0) return minor;
      context.addIssue({ code: 'custom', message: 'customers.error.amount' });
      return z.NEVER;
    });
}

const count = (most: number) =>
  z
    .string()
    .default('')
    .overwrite((text) => text.trim())
    .refine((text) => /^(\d{1,6})?$/.test(text) && (text === '' || (Number(text) >= 1 && Number(text) <= most)), {
      error: 'offers.error.count',
    })
    .transform((text) => (text === '' ? null : Number(text)));

const optionalDay = z
  .string()
  .default('')
  .transform((text) => text.trim() || null)
  .pipe(day.nullable());

const many = z.preprocess((value) => (value === undefined ? [] : [value].flat()), z.array(z.string().max(64)).max(50));
const names = Object.fromEntries(languageCodes.map((code) => [`name-${code}`, line(OFFER_LIMITS.name).default('')]));

/** The form of an offer. `reasonKeys` are those that may be ticked. */
export function offerForm(context: FormContext, reasonKeys: readonly string[]) {
  return z
    .object({
      ...names,
      kind: z.enum(OFFER_KINDS, { error: 'form.required' }),
      percent: count(OFFER_LIMITS.percent),
      amount: amountField(context),
      cost: amountField(context).refine((minor): minor is number => minor !== null, { error: 'form.required' }),
      forWhom: z.enum(FOR_WHOM, { error: 'form.required' }).default('everyone'),
      reasons: many.transform((keys) => keys.filter((key) => reasonKeys.includes(key))),
      leastWorth: amountField(context),
      leastRole: z.enum(ROLES, { error: 'form.required' }).default('staff'),
      perCustomer: count(OFFER_LIMITS.perCustomer),
      perYear: count(OFFER_LIMITS.perYear),
      most: count(OFFER_LIMITS.most),
      codeKind: z.enum(CODE_KINDS, { error: 'form.required' }).default('none'),
      code: line(OFFER_LIMITS.code).default(''),
      validDays: count(OFFER_LIMITS.validDays).refine((days): days is number => days !== null, {
        error: 'form.required',
      }),
      endsOn: optionalDay,
    })
    .superRefine((form, issues) => {
      const wrong = (field: string, message: string) => issues.addIssue({ code: 'custom', path: [field], message });
      if (Object.keys(nameOf(form)).length === 0) wrong(`name-${languageCodes[0]}`, 'offers.error.nameless');
      if (form.kind === 'discount_percent' && form.percent === null) wrong('percent', 'form.required');
      if (form.kind === 'discount_amount' && !form.amount) wrong('amount', 'form.required');
      if (form.codeKind === 'typed' && form.code.length < OFFER_LIMITS.leastCode) wrong('code', 'offers.error.code');
    });
}

type OfferForm = z.infer<ReturnType<typeof offerForm>>;

const nameOf = (form: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(
    languageCodes.flatMap((code): [string, string][] => {
      const name = form[`name-${code}`];
      return typeof name === 'string' && name !== '' ? [[code, name]] : [];
    }),
  );

export function inputOf(form: OfferForm): OfferInput {
  const amount = { discount_percent: form.percent, discount_amount: form.amount }[form.kind as string] ?? null;
  return {
    name: nameOf(form),
    kind: form.kind,
    amount,
    costMinor: form.cost,
    forWhom: form.forWhom,
    reasons: form.reasons,
    leastWorthMinor: form.leastWorth ?? 0,
    leastRole: form.leastRole,
    perCustomer: form.perCustomer,
    perYear: form.perYear,
    most: form.most,
    codeKind: form.codeKind,
    code: form.codeKind === 'typed' ? form.code : '',
    validDays: form.validDays,
    endsOn: form.endsOn,
  };
}

/** What stands in the form of an offer that exists. */
export function typedOffer(offer: Offer, context: FormContext): Record<string, string> {
  const text = (value: number | null) => (value === null ? '' : String(value));
  return {
    ...Object.fromEntries(Object.entries(offer.name).map(([code, name]) => [`name-${code}`, name])),
    kind: offer.kind,
    percent: offer.kind === 'discount_percent' ? text(offer.amount) : '',
    amount: offer.kind === 'discount_amount' ? typedMoney(offer.amount, context) : '',
    cost: typedMoney(offer.costMinor, context),
    forWhom: offer.forWhom,
    reasons: offer.reasons.join(','),
    leastWorth: offer.leastWorthMinor === 0 ? '' : typedMoney(offer.leastWorthMinor, context),
    leastRole: offer.leastRole,
    perCustomer: text(offer.perCustomer),
    perYear: text(offer.perYear),
    most: text(offer.most),
    codeKind: offer.codeKind,
    code: offer.code,
    validDays: text(offer.validDays),
    endsOn: offer.endsOn ?? '',
  };
}

export const limitsForm = (context: FormContext) => z.object({ staff: needed(context), manager: needed(context) });

const needed = (context: FormContext) =>
  amountField(context).refine((minor): minor is number => minor !== null, { error: 'form.required' });

export const giveForm = z.object({
  offer: z.uuid({ error: 'offers.error.choose' }),
  case: z.union([z.literal('').transform(() => null), z.uuid()]).default(null),
  anyway: z.string().optional(),
});

/** Why something is not given, or taken back; `missing` says that it is needed. */
export const whyForm = (missing: string) =>
  z.object({ why: z.string(missing).pipe(lines(500).refine((text) => text !== '', { error: missing })) });
