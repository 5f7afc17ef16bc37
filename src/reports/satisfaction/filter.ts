import type { Period } from '../rules.ts';

export const FIELDS = ['segment', 'country', 'language'] as const;

/** Of whom: as they were when they answered. */
export type Of = { [field in (typeof FIELDS)[number]]?: string | undefined };

/** What a filter means: days, and whose answers. */
export interface Filter {
  period: Period;
  of: Of;
}

/** The fields that a filter asks for, with their values. */
export const chosenIn = (of: Of): { field: (typeof FIELDS)[number]; value: string }[] =>
  FIELDS.flatMap((field) => {
    const value = of[field];
    return value === undefined ? [] : [{ field, value }];
  });
