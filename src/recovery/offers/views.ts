import { textIn } from '../../coding/index.ts';
import { formatDay, formatNumber, languages, type Translate } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import type { Choice } from './giving.ts';
import { CODE_KINDS, FOR_WHOM, OFFER_KINDS, ROLES, type GivenOffer, type GivingLimits, type Offer } from './offer.ts';
import { newcomersGetMore } from './rules.ts';

export interface OfferLine {
  name: string;
  what: string;
  href: string | null;
  cost: string;
  whom: string;
  limits: string;
  given: string;
  retired: boolean;
}

export interface OffersPage {
  warning: string;
  add: boolean;
  rows: OfferLine[];
  waiting: { id: string; name: string; customer: string; href: string; cost: string; who: string; may: boolean }[];
  moreWaiting: string | null;
  limits: string;
  limitsForm: FormView | null;
}

export interface OfferFormPage {
  heading: string;
  action: string;
  button: string;
  form: FormView;
  names: { name: string; label: string }[];
  kinds: Option[];
  whom: Option[];
  roles: Option[];
  codes: Option[];
  reasons: { key: string; text: string; checked: boolean }[];
  retire: { action: string; text: string } | null;
}

interface Option {
  value: string;
  text: string;
}

export interface GivenLine {
  id: string;
  name: string;
  state: string;
  mood: 'late' | 'bad' | 'good' | '';
  said: string;
  code: string;
  canUse: boolean;
  canTakeBack: boolean;
  today: string;
}

export interface CustomerOffersPage {
  name: string;
  back: { href: string; text: string };
  lead: string;
  action: string;
  caseId: string;
  form: FormView;
  choices: { id: string; text: string; hint: string; checked: boolean }[];
  refused: { text: string; why: string }[];
  warned: string;
  given: GivenLine[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/offers': OffersPage;
    'recovery/offer-form': OfferFormPage;
    'recovery/customer-offers': CustomerOffersPage;
  }
}

type Reader = Pick<Staff, 't' | 'language' | 'currency'>;

export const offerName = (offer: Pick<Offer, 'name'>, language: string): string => textIn(offer.name, language);

/** '10 % discount', 'Gift'. */
export function whatItIs({ kind, amount }: Pick<Offer, 'kind' | 'amount'>, { t, language, currency }: Reader): string {
  const said = t(`offers.kind.${kind}`);
  if (amount === null) return said;
  const size =
    kind === 'discount_percent' ? `${formatNumber(amount, language)} %` : formatMoney(amount, currency, language);
  return `${said}, ${size}`;
}

export interface CatalogueFacts {
  offers: Offer[];
  waiting: { given: GivenOffer; offer: Offer; customer: string; who: string; may: boolean }[];
  next: string | null;
  limits: GivingLimits;
  reasonName(key: string): string;
  staff: Staff;
  typed?: unknown;
  errors?: FieldErrors;
}

export function offersPage({
  offers,
  waiting,
  next,
  limits,
  reasonName,
  staff,
  typed,
  errors,
}: CatalogueFacts): OffersPage {
  const { t, language, currency } = staff;
  const isManager = hasRole(staff.role, 'manager');
  const money = (minor: number) => formatMoney(minor, currency, language);
  const inUse = offers.filter(({ retiredAt }) => retiredAt === null);
  return {
    warning: newcomersGetMore(inUse) ? t('offers.warn.newcomers') : '',
    add: isManager,
    rows: offers.map((offer) => lineOf(offer, reasonName, staff, isManager)),
    waiting: waiting.map(({ given, offer, customer, who, may }) => ({
      id: given.id,
      name: offerName(offer, language),
      customer,
      href: `/customers/${given.customerId}/offers`,
      cost: money(given.costMinor),
      who,
      may,
    })),
    moreWaiting: next === null ? null : `/offers?after=${encodeURIComponent(next)}`,
    limits: t('offers.limits.said', { staff: money(limits.staffMinor), manager: money(limits.managerMinor) }),
    limitsForm: staff.role === 'administrator' ? formView(typed, errors, t) : null,
  };
}

function lineOf(offer: Offer, reasonName: (key: string) => string, staff: Staff, isManager: boolean): OfferLine {
  const { t, language, currency } = staff;
  const { perCustomer, perYear, most, endsOn, validDays, leastWorthMinor, leastRole } = offer;
  const limits = [
    perCustomer === null ? '' : t('offers.limit.customer', { count: perCustomer }),
    perYear === null ? '' : t('offers.limit.year', { count: perYear }),
    most === null ? '' : t('offers.limit.most', { count: most }),
    t('offers.limit.valid', { count: validDays }),
    endsOn === null ? '' : t('offers.limit.ends', { day: formatDay(endsOn, language) }),
    leastRole === 'staff' ? '' : t(`offers.limit.role.${leastRole}`),
  ];
  const reasons = offer.reasons.map(reasonName).join(', ');
  const isForReasons = reasons !== '' && offer.forWhom === 'everyone';
  const whom = [
    isForReasons ? '' : t(`offers.whom.${offer.forWhom}`),
    leastWorthMinor === 0 ? '' : t('offers.limit.worth', { worth: formatMoney(leastWorthMinor, currency, language) }),
    reasons && t('offers.whom.reasons', { reasons }),
  ];
  return {
    name: offerName(offer, language),
    what: whatItIs(offer, staff),
    href: isManager ? `/offers/${offer.id}` : null,
    cost: formatMoney(offer.costMinor, currency, language),
    whom: whom.filter(Boolean).join('; '),
    limits: limits.filter(Boolean).join(', '),
    given: formatNumber(offer.given, language),
    retired: offer.retiredAt !== null,
  };
}

export interface FormFacts {
  offer: Offer | null;
  typed: unknown;
  errors?: FieldErrors | undefined;
  reasons: { key: string; text: string }[];
  staff: Staff;
}

export function offerFormPage({ offer, typed, errors, reasons, staff: { t } }: FormFacts): OfferFormPage {
  const form = formView(typed, errors, t);
  const options = (values: readonly string[], prefix: string) =>
    values.map((value) => ({ value, text: t(`${prefix}.${value}`) }));
  const ticked = (form.values.reasons ?? '').split(',');
  return {
    heading: t(offer ? 'offers.edit' : 'offers.add'),
    action: offer ? `/offers/${offer.id}` : '/offers',
    button: t('offers.save'),
    form,
    names: languages.map(({ code, name }) => ({
      name: `name-${code}`,
      label: t('offers.field.name', { language: name }),
    })),
    kinds: options(OFFER_KINDS, 'offers.kind'),
    whom: options(FOR_WHOM, 'offers.whom'),
    roles: options(ROLES, 'offers.role'),
    codes: options(CODE_KINDS, 'offers.code'),
    reasons: reasons.map(({ key, text }) => ({ key, text, checked: ticked.includes(key) })),
    retire: offer && {
      action: `/offers/${offer.id}/${offer.retiredAt === null ? 'retirement' : 'return'}`,
      text: t(offer.retiredAt === null ? 'offers.retire' : 'offers.resume'),
    },
  };
}

/** 'Given on 3 May by Anna, until 2 June', and the like. */
export function givenLine(
  given: GivenOffer,
  offer: Offer | undefined,
  who: string,
  { t, language, today }: GivenReader,
): GivenLine {
  const day = (text: string | null) => (text === null ? '' : formatDay(text, language));
  const { state } = given;
  const values = { day: day(given.givenOn), until: day(given.validUntil), used: day(given.redeemedOn), who };
  return {
    id: given.id,
    name: offer ? offerName(offer, language) : '',
    state: t(`offers.state.${state}`),
    mood: ({ redeemed: 'good', waiting: 'late', refused: 'bad' } as const)[state as 'redeemed'] ?? '',
    said: [t(`offers.said.${state}`, values), given.endedWhy].filter(Boolean).join(' '),
    code: given.code,
    canUse: state === 'given' || (state === 'expired' && given.validUntil >= given.givenOn),
    canTakeBack: state === 'given' || state === 'waiting',
    today,
  };
}

export interface GivenReader {
  t: Translate;
  language: string;
  today: string;
}

/** What may be given, as radio buttons, and what may not, with why. */
export function choiceViews(choices: Choice[], chosen: string, staff: Reader) {
  const { t, language, currency } = staff;
  const textOf = ({ offer }: Choice) => `${offerName(offer, language)} (${whatItIs(offer, staff)})`;
  const hintOf = ({ offer, approval }: Choice) =>
    [
      t('offers.costs', { cost: formatMoney(offer.costMinor, currency, language) }),
      approval ? t('offers.needsApproval') : '',
    ]
      .filter(Boolean)
      .join(' ');
  const may = choices.filter(({ why }) => why === null);
  return {
    choices: may.map((each) => ({
      id: each.offer.id,
      text: textOf(each),
      hint: hintOf(each),
      checked: each.offer.id === chosen,
    })),
    refused: choices.flatMap((each) =>
      each.why === null ? [] : [{ text: textOf(each), why: t(`offers.why.${each.why}`) }],
    ),
  };
}
