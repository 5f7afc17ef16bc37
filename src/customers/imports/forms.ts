import { z } from 'zod';
import { type ColumnChoice, type Field, FIELDS, type ImportKind, LEGAL_BASES } from '../import/index.ts';
import { day, FIELD_SCHEMAS, line } from '../fields.ts';
import type { Facts, Given } from './facts.ts';

const REQUIRED = { error: 'form.required' };

/** What may be said about a whole file. A legal basis comes with its source and its day, or not at all. */
export function givenForm(today: string) {
  return z
    .object({
      language: FIELD_SCHEMAS.language.default(''),
      country: FIELD_SCHEMAS.country.default(''),
      legalBasis: z.enum(['', ...LEGAL_BASES]).default(''),
      legalBasisSource: line(200).default(''),
      legalBasisOn: z
        .string()
        .default('')
        .overwrite((text) => text.trim()),
    })
    .superRefine(({ legalBasis, legalBasisSource, legalBasisOn }, context) => {
      if (legalBasis === '') return;
      const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      if (legalBasisSource === '') wrong('legalBasisSource', REQUIRED.error);
      if (legalBasisOn === '') wrong('legalBasisOn', REQUIRED.error);
      else if (!day.safeParse(legalBasisOn).success) wrong('legalBasisOn', 'import.error.notADate');
      else if (legalBasisOn > today) wrong('legalBasisOn', 'import.error.inFuture');
    });
}

type GivenForm = z.infer<ReturnType<typeof givenForm>>;

/** English is read as written in Europe, unless the business is in the United States. */
export function localeOf(language: string, country: string): string {
  return language === 'en' && country === 'US' ? 'en-US' : language;
}

export function givenOf(form: GivenForm, locale: string): Given {
  const { language, country, legalBasis, legalBasisSource: source, legalBasisOn: on } = form;
  return { locale, language, country, legalBasis: legalBasis ? { basis: legalBasis, source, on } : null };
}

/** Columns are chosen by position: 'column0' holds a field's name, or nothing for a column that is not used. */
export function readColumns(
  kind: ImportKind,
  columns: number,
  body: unknown,
): { choice: (Field | null)[]; decimal: Facts['chosenDecimal'] } {
  const typed = (body ?? {}) as Record<string, unknown>;
  const fields: readonly unknown[] = FIELDS[kind];
  const fieldAt = (column: number) => {
    const field = typed[`column${column}`];
    return fields.includes(field) ? (field as Field) : null;
  };
  const { decimal } = typed;
  return {
    choice: Array.from({ length: columns }, (_, column) => fieldAt(column)),
    decimal: decimal === ',' || decimal === '.' ? decimal : null,
  };
}

/** The fields that were chosen for two columns. */
export function chosenTwice(choice: ColumnChoice): Field[] {
  const chosen = choice.filter((field) => field != null);
  return [...new Set(chosen.filter((field, at) => chosen.indexOf(field) !== at))];
}
