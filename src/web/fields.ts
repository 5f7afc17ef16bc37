import type { FormView } from './forms.ts';

/** A labelled field of a form; its value and its error come from the form by its name. */
export interface Field {
  form: FormView;
  name: string;
  label: string;
  hint?: string;
  type?: 'text' | 'email' | 'password' | 'tel' | 'date' | 'number' | 'url' | 'search' | 'time';
  autocomplete?: string;
  /** The id of a datalist with what may be meant. */
  list?: string;
  inputmode?: 'numeric' | 'decimal';
  required?: boolean;
  /** The page is there for this field: the keyboard begins in it. */
  autofocus?: boolean;
}

export interface TextareaField extends Omit<Field, 'type'> {
  rows?: number;
  language?: string;
}

export interface SelectField extends Omit<Field, 'type'> {
  options: { value: string; text: string }[];
}

export interface CheckboxField {
  form: FormView;
  name: string;
  value?: string;
  label: string;
  /** On a line of its own: what may be too long for one with words, an address for instance. */
  about?: string;
}

declare module './render.ts' {
  interface Templates {
    'shared/summary': FormView;
    'shared/field': Field;
    'shared/textarea': TextareaField;
    'shared/select': SelectField;
    'shared/checkbox': CheckboxField;
  }
}
