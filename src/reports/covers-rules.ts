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

/** What of a leaver a filter may ask for; null where there is none. */
export type Coverable = { [column in 'left_on' | (typeof FIELDS)[Field]]: string | null };

/** Whether an audit that covers this covers that leaver; one without days covers every day, an unknown field nobody. */
export function coveredBy(covers: Record<string, string>, leaver: Coverable): boolean {
  const leftOn = leaver.left_on;
  if (leftOn === null) return false;
  return Object.entries(covers).every(([name, value]) => {
    if (name === 'from') return leftOn >= value;
    if (name === 'to') return leftOn <= value;
    return name in FIELDS && leaver[FIELDS[name as Field]] === value;
  });
}
