import { displayName, type Customer } from '../../customers/index.ts';
import { languages } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import type { Option } from './form-state.ts';
import { CASE_KINDS } from './interface.ts';

export interface NewCasePage {
  /** Null for somebody who is no customer of record. */
  customer: { id: string; name: string } | null;
  once: string;
  form: FormView;
  kinds: Option[];
  languages: Option[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'recovery/case-new': NewCasePage;
  }
}

interface NewCaseGiven {
  customer: Customer | undefined;
  once: string;
  company: { defaultLanguage: string };
  typed?: unknown;
  errors?: FieldErrors;
}

export function newCasePage({ customer, once, company, typed, errors }: NewCaseGiven, { t }: Staff): NewCasePage {
  const language = customer?.language ?? company.defaultLanguage;
  return {
    customer: customer ? { id: customer.id, name: displayName(customer) } : null,
    once,
    form: formView(typed ?? { kind: 'complaint', language }, errors, t),
    kinds: CASE_KINDS.map((value) => ({ value, text: t(`cases.kind.${value}`) })),
    languages: languages.map(({ code, name }) => ({ value: code, text: name })),
  };
}
