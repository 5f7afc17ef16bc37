import type { Schema } from '../storage/index.ts';
import type { Period } from './rules.ts';

/** Whose leaving a figure is about: days that they left on, and fields that they had. */
export interface LeaverFilter extends Period {
  segment?: string;
  country?: string;
  language?: string;
  tenureBand?: string;
  valueBand?: string;
}

/** Which column of a leaver answers to which field of a filter. */
export const FIELDS = {
  segment: 'segment',
  country: 'country',
  language: 'language',
  tenureBand: 'tenure_band',
  valueBand: 'value_band',
} as const satisfies Record<string, keyof Schema['leaver']>;

type Field = keyof typeof FIELDS;
export const NAMES = Object.keys(FIELDS) as Field[];

/** A filter as an audit keeps it: the days that it meant when it was drawn, and its fields. */
export function coversOf(filter: LeaverFilter): Record<string, string> {
  const { from, to } = filter;
  const fields = NAMES.flatMap((name) => (filter[name] === undefined ? [] : [[name, filter[name]]]));
  return { from, to, ...(Object.fromEntries(fields) as Partial<Record<Field, string>>) };
}

/** Whether an audit that covers this covers that leaver; one without days covers every day, an unknown field nobody. */
export function coveredBy(covers: Record<string, string>, leaver: Schema['leaver']): boolean {
  return Object.entries(covers).every(([name, value]) => {
    if (name === 'from') return leaver.left_on >= value;
    if (name === 'to') return leaver.left_on <= value;
    return name in FIELDS && leaver[FIELDS[name as Field]] === value;
  });
}
