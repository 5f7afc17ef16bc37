import { type Field, type FieldOf, FIELDS, IMPORT_KINDS, type ImportKind, REQUIRED } from './fields.ts';
import { KNOWN_HEADERS } from './known-headers.ts';
import { fold } from './text-value.ts';

/** Which column (0 is the first) holds which field. */
export type ColumnMapping<K extends ImportKind = ImportKind> = Partial<Record<FieldOf<K>, number>>;

/**
 * A person's choice by position of the column: a field, null for "do not use", undefined to go by the header.
 */
export type ColumnChoice = readonly (Field | null | undefined)[];

/** `unused` are the named columns that no field takes; `twice` fields that two columns were chosen for. */
export interface Recognition<K extends ImportKind = ImportKind> {
  mapping: ColumnMapping<K>;
  unused: string[];
  missing: FieldOf<K>[];
  twice: FieldOf<K>[];
}

/** Finds the fields by the names of the columns; the first of several columns for a field is taken. */
export function recogniseColumns<K extends ImportKind>(
  kind: K,
  header: readonly string[],
  choice: ColumnChoice = [],
): Recognition<K> {
  const { mapping, twice } = chosen(kind, choice, header.length);
  header.forEach((name, column) => {
    const field = choice[column] === undefined ? fieldOf(kind, name) : undefined;
    if (field && mapping[field] === undefined && !twice.includes(field)) mapping[field] = column;
  });
  if (kind === 'customers') nameBesideGivenName(mapping, choice);
  const used = new Set<unknown>(Object.values(mapping));
  return {
    mapping,
    twice,
    unused: header.filter((name, column) => name !== '' && !used.has(column)),
    missing: (REQUIRED[kind] as readonly FieldOf<K>[]).filter((field) => mapping[field] === undefined),
  };
}

function chosen<K extends ImportKind>(kind: K, choice: ColumnChoice, columns: number) {
  const mapping: ColumnMapping<K> = {};
  const twice: FieldOf<K>[] = [];
  choice.slice(0, columns).forEach((field, column) => {
    if (!isFieldOf(kind, field)) return;
    if (mapping[field] !== undefined) twice.push(field);
    else mapping[field] = column;
  });
  return { mapping, twice: [...new Set(twice)] };
}

function isFieldOf<K extends ImportKind>(kind: K, field: Field | null | undefined): field is FieldOf<K> {
  return (FIELDS[kind] as readonly unknown[]).includes(field);
}

/** Beside "Vorname" a column "Name" is the family name. */
function nameBesideGivenName(mapping: ColumnMapping<'customers'>, choice: ColumnChoice): void {
  const { givenName, fullName, familyName } = mapping;
  if (givenName === undefined || fullName === undefined || familyName !== undefined) return;
  if (choice[fullName] === 'fullName') return;
  mapping.familyName = fullName;
  delete mapping.fullName;
}

const tables = new Map<ImportKind, Map<string, Field>>();

function fieldOf<K extends ImportKind>(kind: K, name: string): FieldOf<K> | undefined {
  const known = headersOf(kind);
  for (const form of formsOf(name)) {
    const field = known.get(form);
    if (field) return field as FieldOf<K>;
  }
  return undefined;
}

/** Whether some kind of file has a column of that name. */
export function isKnownColumn(name: string): boolean {
  return IMPORT_KINDS.some((kind) => fieldOf(kind, name) !== undefined);
}

/** As it stands; without what stands in brackets ("Betrag (brutto)"); without a currency ("Amount EUR"). */
function formsOf(name: string): string[] {
  const bare = name.replace(/\(.*?\)|\[.*?\]/g, '');
  const withoutCurrency = bare.replace(/[\s_-]+(in[\s_]+)?(€|eur|euro|kr|nok|gbp|chf|usd)\.?\s*$/i, '');
  return [name, bare, withoutCurrency].map(fold).filter((form) => form !== '');
}

function headersOf(kind: ImportKind): Map<string, Field> {
  const known = tables.get(kind) ?? new Map<string, Field>();
  if (known.size > 0) return known;
  for (const [field, names] of Object.entries(KNOWN_HEADERS[kind])) {
    for (const name of [field, ...names.split(',')]) if (!known.has(fold(name))) known.set(fold(name), field as Field);
  }
  tables.set(kind, known);
  return known;
}
