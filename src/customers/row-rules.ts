import type { CustomerFields, CustomerRow } from './customer.ts';

const BLANK: Omit<CustomerFields, 'reference'> = {
  title: '',
  givenName: '',
  familyName: '',
  organisation: '',
  greeting: 'formal',
  email: '',
  telephone: '',
  street: '',
  postalCode: '',
  city: '',
  region: '',
  country: '',
  language: '',
  timeZone: '',
  customerSince: null,
  status: 'active',
  leftOn: null,
  segment: '',
  tags: [],
  contactAccountId: null,
  yearlyValueMinor: null,
  legalBasis: '',
  legalBasisSource: '',
  legalBasisOn: null,
  notes: '',
};

export const FIELD_NAMES = ['reference', ...Object.keys(BLANK)] as (keyof CustomerFields)[];

export interface Defaults {
  /** For those whose language nobody knows: every letter needs one. */
  language: string;
  /** Where new customers are of whom that is not known; '' leaves it open. */
  country?: string;
  /** 'YYYY-MM-DD': when somebody left of whom only that is known. */
  today: string;
}

/** The customer after a row has been applied; absent fields stay. Applying the same row again changes nothing. */
export function applyRow(
  before: CustomerFields | undefined,
  row: CustomerRow,
  { language, country = '', today }: Defaults,
): CustomerFields {
  const base: CustomerFields = before ?? { ...BLANK, reference: row.reference };
  const given = Object.fromEntries(FIELD_NAMES.flatMap((key) => (row[key] === undefined ? [] : [[key, row[key]]])));
  const merged = { ...base, ...given } as CustomerFields;
  return {
    ...merged,
    greeting: merged.greeting || 'formal',
    language: merged.language || before?.language || language,
    // Of whom a file does not say it, for them its word for the new ones does not end what is known.
    country: merged.country || (country === '' ? '' : (before?.country ?? country)),
    tags: [...new Set(merged.tags)].sort(),
    ...standing(base, row, today),
    ...basis(base, row),
  };
}

/** Who has a day of leaving has left, and the other way round. */
function standing(base: CustomerFields, row: CustomerRow, today: string): Pick<CustomerFields, 'status' | 'leftOn'> {
  if (row.status === 'active') return { status: 'active', leftOn: null };
  if (row.leftOn) return { status: 'left', leftOn: row.leftOn };
  if (row.status === 'left') return { status: 'left', leftOn: base.leftOn ?? today };
  return row.leftOn === null ? { status: 'active', leftOn: null } : { status: base.status, leftOn: base.leftOn };
}

/** The three parts of a legal basis come together or not at all. */
function basis(base: CustomerFields, row: CustomerRow) {
  if (row.legalBasis === undefined) {
    const { legalBasis, legalBasisSource, legalBasisOn } = base;
    return { legalBasis, legalBasisSource, legalBasisOn };
  }
  if (row.legalBasis === '') return { legalBasis: '' as const, legalBasisSource: '', legalBasisOn: null };
  if (!row.legalBasisSource || !row.legalBasisOn) throw new Error('A legal basis needs its source and its day');
  return { legalBasis: row.legalBasis, legalBasisSource: row.legalBasisSource, legalBasisOn: row.legalBasisOn };
}

/** The names of the fields that differ. */
export function changedFields(before: CustomerFields, after: CustomerFields): (keyof CustomerFields)[] {
  return FIELD_NAMES.filter((key) => key !== 'reference' || before.reference !== after.reference).filter(
    (key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]),
  );
}

/** Only what a person or a file may set. */
export function fieldsOf(customer: CustomerFields): CustomerFields {
  return Object.fromEntries(FIELD_NAMES.map((key) => [key, customer[key]])) as unknown as CustomerFields;
}

/** Parts of at most `most` rows in which no key stands twice; rows without a key never repeat. */
export function partsWithoutRepeats<T>(rows: T[], most: number, keyOf: (row: T) => string | null): T[][] {
  const parts: T[][] = [];
  let seen = new Set<string>();
  for (const row of rows) {
    const key = keyOf(row);
    const part = parts.at(-1);
    if (!part || part.length >= most || (key !== null && seen.has(key))) {
      parts.push([row]);
      seen = new Set();
    } else part.push(row);
    if (key !== null) seen.add(key);
  }
  return parts;
}
