import { formatDay, formatNumber } from '../../i18n/index.ts';
import { formatMoney } from '../../shared/money.ts';
import { formView, hasRole, type FormView, type Staff } from '../../web/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { offerName, whatItIs } from './offer-words.ts';
import type { GivenOffer, GivingLimits, Offer } from './offer.ts';
import { newcomersGetMore } from './rules.ts';

interface OfferLine {
  name: string;
  what: string;
  href: string | null;
  cost: string;
  whom: string;
  limits: string;
  given: string;
  retired: boolean;
}

interface WaitingLine {
  id: string;
  name: string;
  customer: string;
  href: string;
  cost: string;
  /** Who asked for it, and when. */
  who: string;
  may: boolean;
  /** Where it is said why it is not given; what was typed, and what is wrong with it. */
  why: { field: string; typed: string; error: string };
}

export interface OffersPage {
  warning: string;
  add: boolean;
  rows: OfferLine[];
  waiting: WaitingLine[];
  moreWaiting: string | null;
  limits: string;
  limitsForm: FormView | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/offers': OffersPage;
  }
}

interface CatalogueFacts {
  offers: Offer[];
  waiting: { given: GivenOffer; offer: Offer; customer: string; who: string; may: boolean }[];
  next: string | null;
  limits: GivingLimits;
  reasonName(key: string): string;
  staff: Staff;
  typed?: unknown;
  errors?: FieldErrors;
  refusing?: { id: string; typed: unknown };
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
  refusing,
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
      who: [who, formatDay(given.givenOn, language)].filter(Boolean).join(', '),
      may,
      why: whyView(given.id, { refusing, errors }, staff),
    })),
    moreWaiting: next === null ? null : `/offers?after=${encodeURIComponent(next)}`,
    limits: t('offers.limits.said', { staff: money(limits.staffMinor), manager: money(limits.managerMinor) }),
    limitsForm: staff.role === 'administrator' ? formView(typed, refusing ? undefined : errors, t) : null,
  };
}

function whyView(id: string, { refusing, errors }: Pick<CatalogueFacts, 'refusing' | 'errors'>, { t }: Staff) {
  const field = `why-${id}`;
  if (refusing?.id !== id) return { field, typed: '', error: '' };
  const { key, values } = errors?.why ?? { key: 'offers.error.whyNot' };
  return { field, typed: typeof refusing.typed === 'string' ? refusing.typed : '', error: t(key, values) };
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
  const reasons = offer.reasons.map(reasonName).join(' · ');
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
