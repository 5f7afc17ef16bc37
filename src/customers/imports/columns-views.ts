import type { Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type FormView } from '../../web/index.ts';
import { columnLetter, FIELDS, type ImportKind, REQUIRED } from '../import/index.ts';
import type { Choice } from '../words.ts';
import { usedColumns } from './check-views.ts';
import type { Facts, Import } from './facts.ts';
import { columnLabel, pathOf, shortened } from './web.ts';

export interface ColumnsPage {
  name: string;
  form: FormView;
  /** What is still missing; empty where all is there. */
  problem: string;
  action: string;
  back: string | null;
  rows: {
    letter: string;
    name: string;
    label: string;
    samples: string;
    field: string;
    options: Choice[];
    value: string;
  }[];
  decimals: Choice[];
  facts: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'customers/import-columns': ColumnsPage;
  }
}

export function columnsPage(
  given: Import,
  t: Translate,
  typed?: Record<string, unknown>,
  errors?: FieldErrors,
): ColumnsPage {
  const { id, kind, filename, facts, rows } = given;
  const form = formView(typed ?? valuesOf(facts), errors, t);
  return {
    name: filename,
    form,
    problem: errors ? '' : missingColumns(given, t),
    action: `${pathOf(id)}/columns`,
    back: facts.missing.length + facts.twice.length > 0 ? null : pathOf(id),
    rows: rowsOf(facts, optionsFor(kind, t), form, t),
    decimals: [
      { value: '', text: t('imports.columns.decimalAuto') },
      { value: ',', text: t('imports.columns.decimalComma') },
      { value: '.', text: t('imports.columns.decimalPoint') },
    ],
    facts: t('imports.columns.rows', { count: rows.total }),
  };
}

function valuesOf({ table, mapping, chosenDecimal }: Facts): Record<string, string> {
  const fieldAt = new Map(usedColumns(mapping).map(({ field, column }) => [column, field]));
  const columns = (table?.header ?? []).map((_, column) => [`column${column}`, fieldAt.get(column) ?? '']);
  return { decimal: chosenDecimal ?? '', ...Object.fromEntries(columns) };
}

/** Which needed columns nothing was found for, in a sentence; '' where all are there. */
export function missingColumns({ kind, facts }: Import, t: Translate): string {
  const { missing } = facts;
  const columns = missing.map((field) => columnLabel(kind, field, t)).join(', ');
  return missing.length > 0 ? t('import.columns.missing', { count: missing.length, columns }) : '';
}

function optionsFor(kind: ImportKind, t: Translate): Choice[] {
  const required: readonly string[] = REQUIRED[kind];
  const inWords = (field: string) => {
    const column = columnLabel(kind, field, t);
    return required.includes(field) ? t('imports.columns.needed', { column }) : column;
  };
  const fields = FIELDS[kind].map((field) => ({ value: field, text: inWords(field) }));
  return [{ value: '', text: t('imports.columns.none') }, ...fields];
}

function rowsOf({ table, samples }: Facts, options: Choice[], form: FormView, t: Translate): ColumnsPage['rows'] {
  return (table?.header ?? []).map((name, column) => {
    const letter = columnLetter(column);
    const field = `column${column}`;
    return {
      letter,
      name: name || t('imports.columns.unnamed', { column: letter }),
      label: t('imports.columns.label', { column: name || letter }),
      samples: samplesOf(samples, column),
      field,
      options,
      value: form.values[field] ?? '',
    };
  });
}

function samplesOf(samples: string[][], column: number): string {
  const found = samples.map((row) => row[column] ?? '').filter((text) => text.trim() !== '');
  return [...new Set(found)].slice(0, 3).map(shortened).join(' · ');
}
