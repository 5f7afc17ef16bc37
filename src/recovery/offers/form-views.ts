import { languageIn, languages } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import { CODE_KINDS, FOR_WHOM, OFFER_KINDS, ROLES, type Offer } from './offer.ts';

export interface OfferFormPage {
  heading: string;
  action: string;
  button: string;
  form: FormView;
  revision: number;
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

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/offer-form': OfferFormPage;
  }
}

interface FormFacts {
  offer: Offer | null;
  revision: number;
  typed: unknown;
  errors?: FieldErrors | undefined;
  reasons: { key: string; text: string }[];
  staff: Staff;
}

export function offerFormPage({ offer, revision, typed, errors, reasons, staff: { t } }: FormFacts): OfferFormPage {
  const form = formView(typed, errors, t);
  const options = (values: readonly string[], prefix: string) =>
    values.map((value) => ({ value, text: t(`${prefix}.${value}`) }));
  const ticked = (form.values.reasons ?? '').split(',');
  return {
    heading: t(offer ? 'offers.edit' : 'offers.add'),
    action: offer ? `/offers/${offer.id}` : '/offers',
    button: t('offers.save'),
    form,
    revision,
    names: languages.map(({ code }) => ({
      name: `name-${code}`,
      label: t('offers.field.name', { language: languageIn(code, t.language) }),
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
