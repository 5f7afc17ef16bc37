import { formatMoment } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView, type Staff } from '../../web/index.ts';
import type { ToneFault } from './tone.ts';

export interface Option {
  value: string;
  text: string;
}

/** What was posted and not taken: shown again in its form. */
export interface Rejected {
  form: string;
  typed: unknown;
  errors: FieldErrors;
  tone?: ToneFault[];
}

/** A form by its name. */
export type Forms = (name: string, values?: Record<string, string>) => FormView;

/** The one that was posted has what was typed. */
export const formsFor =
  (rejected: Rejected | undefined, { t }: Staff): Forms =>
  (name, values = {}) =>
    rejected?.form === name ? formView(rejected.typed, rejected.errors, t) : formView(values, undefined, t);

/** In the reader's language and time zone. */
export const moment = (at: string, { language, timeZone }: Staff) => formatMoment(at, language, timeZone);
