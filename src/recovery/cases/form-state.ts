import type { FieldErrors } from '../../shared/errors.ts';
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
