import { countries, timeZones } from '../accounts/index.ts';
import type { FieldErrors } from '../shared/errors.ts';
import { formView, type FormView } from '../web/index.ts';
import { LEGAL_BASES } from './fields.ts';
import type { PossibleDuplicate } from './listing.ts';
import { languageChoices, listed, type Choice, type Reader } from './words.ts';

export interface CustomerFormPage {
  heading: string;
  action: string;
  cancel: string;
  form: FormView;
  revision: string;
  /** Somebody else changed the customer meanwhile: where to see it. */
  changed: string | null;
  duplicates: { href: string; name: string; about: string }[];
  greetings: Choice[];
  countries: Choice[];
  languages: Choice[];
  timeZones: Choice[];
  statuses: Choice[];
  contacts: Choice[];
  bases: Choice[];
  currency: string;
}

/** One field of a small form. */
export type SmallField =
  | { kind: 'text' | 'date' | 'amount'; name: string; label: string; hint?: string }
  | { kind: 'select'; name: string; label: string; options: Choice[] }
  | { kind: 'lines'; name: string; label: string; hint?: string };

export interface SmallFormPage {
  heading: string;
  lead: string;
  name: string;
  back: string;
  action: string;
  button: string;
  form: FormView;
  fields: SmallField[];
  /** For a change: the mark of what was seen, and whether somebody else was faster. */
  over?: { seen: string; wasChanged: boolean };
}

declare module '../web/render.ts' {
  interface Templates {
    'customers/form': CustomerFormPage;
    'customers/small-form': SmallFormPage;
  }
}

export interface FormFacts {
  /** Null for a new customer. */
  id: string | null;
  values: unknown;
  errors?: FieldErrors | undefined;
  revision: number;
  changed: boolean;
  duplicates: PossibleDuplicate[];
  colleagues: { id: string; name: string; active: boolean }[];
}

export function customerFormPage(facts: FormFacts, reader: Reader): CustomerFormPage {
  const { t, language, currency } = reader;
  const path = facts.id === null ? '/customers' : `/customers/${facts.id}`;
  const form = formView(facts.values, facts.errors, t);
  const none = { value: '', text: t('customers.form.none') };
  return {
    heading: t(facts.id === null ? 'customers.form.add' : 'customers.form.edit'),
    action: path,
    cancel: path,
    form,
    revision: String(facts.revision),
    changed: facts.changed ? path : null,
    duplicates: facts.duplicates.map((each) => duplicateView(each, reader)),
    greetings: ['formal', 'familiar', 'own'].map((value) => ({ value, text: t(`customers.greetingForm.${value}`) })),
    countries: [none, ...countries(language)],
    languages: [{ value: '', text: t('customers.form.defaultLanguage') }, ...languageChoices(language)],
    timeZones: [{ value: '', text: t('customers.form.companyTimeZone') }, ...timeZones()],
    statuses: ['active', 'left'].map((value) => ({ value, text: t(`customers.status.${value}`) })),
    contacts: [
      none,
      ...facts.colleagues
        .filter(({ id, active }) => active || id === form.values.contactAccountId)
        .map(({ id, name }) => ({ value: id, text: name })),
    ],
    bases: [
      { value: '', text: t('customers.basis.none') },
      ...LEGAL_BASES.map((value) => ({ value, text: t(`customers.basis.${value}`) })),
    ],
    currency,
  };
}

function duplicateView({ id, name, reference, city, why }: PossibleDuplicate, { t, language }: Reader) {
  const same = listed(
    why.map((each) => t(`customers.duplicate.${each}`)),
    language,
  );
  return { href: `/customers/${id}`, name, about: [reference, city, same].filter(Boolean).join(', ') };
}
