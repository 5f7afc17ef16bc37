import type { Schema } from '../../storage/index.ts';
import type { Period } from '../rules.ts';

export const FIELDS = ['segment', 'country', 'language'] as const;
type Name = (typeof FIELDS)[number];

/** Of whom: as they were when they answered. */
export type Of = { [field in Name]?: string | undefined };

/** What a filter means: days, and whose answers. */
export interface Filter {
  period: Period;
  of: Of;
}

/** The fields that a filter asks for, with their values. */
export const chosenIn = (of: Of): { field: Name; value: string }[] =>
  FIELDS.flatMap((field) => {
    const value = of[field];
    return value === undefined ? [] : [{ field, value }];
  });

/** Fields that a filter can ask for together, '' for none. */
export type Field = Schema['satisfaction_total']['field'];

/** What sums are kept by, so that a page reads as many rows whatever it is narrowed by. */
export const SUMMED: readonly Field[] = [
  '',
  ...FIELDS,
  'segment country',
  'segment language',
  'country language',
  'segment country language',
];

/** Whose sums: of everybody, of one value of a field, or of values of several. */
export interface Place {
  field: Field;
  value: string;
}

export const EVERYBODY: Place = { field: '', value: '' };

/** Where a filter's sums stand. */
export function placeOf(of: Of): Place {
  const chosen = chosenIn(of);
  const field = chosen.map((each) => each.field).join(' ') as Field;
  return { field, value: valueOf(chosen.map((each) => each.value)) };
}

/** The value of some fields together, of somebody of whom all are known. */
export const valueIn = (field: Field, of: Record<Name, string>): string =>
  valueOf(field === '' ? [] : field.split(' ').map((name) => of[name as Name]));

const valueOf = (values: string[]): string => (values.length > 1 ? JSON.stringify(values) : (values[0] ?? ''));
