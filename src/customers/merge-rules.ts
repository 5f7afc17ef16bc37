import type { Customer, CustomerFields } from './customer.ts';
import { fieldsOf } from './row-rules.ts';

/** What is chosen together: the parts of one fact. The reference stays, tags and notes of both are kept. */
const MERGE_PARTS = {
  status: ['status', 'leftOn'],
  customerSince: ['customerSince'],
  yearlyValueMinor: ['yearlyValueMinor'],
  title: ['title'],
  givenName: ['givenName'],
  familyName: ['familyName'],
  organisation: ['organisation'],
  greeting: ['greeting'],
  email: ['email'],
  telephone: ['telephone'],
  street: ['street'],
  postalCode: ['postalCode'],
  city: ['city'],
  region: ['region'],
  country: ['country'],
  language: ['language'],
  timeZone: ['timeZone'],
  segment: ['segment'],
  contactAccountId: ['contactAccountId'],
  legalBasis: ['legalBasis', 'legalBasisSource', 'legalBasisOn'],
} as const satisfies Record<string, readonly (keyof CustomerFields)[]>;

export type MergePart = keyof typeof MERGE_PARTS;
export const MERGE_PART_NAMES = Object.keys(MERGE_PARTS) as MergePart[];

/** Reports count by these, and only one of two can be true: nobody guesses it. */
const ASKED: readonly MergePart[] = ['status', 'customerSince', 'yearlyValueMinor', 'segment', 'country'];

export type MergeSide = 'kept' | 'other';
export type MergeChoices = Partial<Record<MergePart, MergeSide>>;

/** What the two records say differently; `preset` is null where a person has to say which is true. */
export function differences(
  kept: CustomerFields,
  other: CustomerFields,
): { part: MergePart; preset: MergeSide | null }[] {
  return MERGE_PART_NAMES.flatMap((part): { part: MergePart; preset: MergeSide | null }[] => {
    const [own, theirs] = [said(kept, part), said(other, part)];
    if (own === theirs) return [];
    if (theirs === '') return [{ part, preset: 'kept' }];
    if (own === '') return [{ part, preset: 'other' }];
    return [{ part, preset: ASKED.includes(part) ? null : 'kept' }];
  });
}

/** '' where nothing is known. */
function said(customer: CustomerFields, part: MergePart): string {
  const values = MERGE_PARTS[part].map((field) => customer[field] ?? '');
  return values.every((value) => value === '') ? '' : JSON.stringify(values);
}

/** The parts that are still to be chosen, or the customer as both records together say. */
export function joined(
  kept: Customer,
  other: Customer,
  choices: MergeChoices,
): { missing: MergePart[]; fields: CustomerFields } {
  const fields = fieldsOf(kept);
  const missing: MergePart[] = [];
  for (const { part, preset } of differences(kept, other)) {
    const side = choices[part] ?? preset;
    if (side === null) missing.push(part);
    if (side === 'other')
      Object.assign(fields, Object.fromEntries(MERGE_PARTS[part].map((field) => [field, other[field]])));
  }
  const tags = [...new Set([...kept.tags, ...other.tags])].sort();
  const notes = [...new Set([kept.notes, other.notes])].filter((text) => text !== '').join('\n\n');
  return { missing, fields: { ...fields, tags, notes } };
}

/** How a number reads that both records had, on the purchase, invoice or dealing that came over. */
export const numberFrom = (number: string, reference: string): string => `${number} (${reference})`;
