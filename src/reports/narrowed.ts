import { csvDocument, type CsvCell } from '../shared/csv.ts';

/** What a table can be narrowed down to, by field, with what was chosen; undefined for everybody. */
export type Narrowed<Field extends string = string> = { [field in Field]: string | undefined };

/** Of a page's address the fields that say whom its figures are about. */
export function narrowedBy<Field extends string>(
  query: { [field in Field]?: string | undefined },
  fields: readonly Field[],
): Narrowed<Field> {
  return Object.fromEntries(fields.map((field) => [field, query[field]])) as Narrowed<Field>;
}

export const isNarrowed = (narrowed: Narrowed): boolean => Object.values(narrowed).some(Boolean);

/** What a table is narrowed down to stands in every row, after all other columns: rows of several files can be told apart. */
export const narrowedHeader = (header: readonly string[], narrowed: Narrowed): string[] => [
  ...header,
  ...Object.keys(narrowed).map((field) => `filter_${field}`),
];

export const narrowedLine = (cells: readonly CsvCell[], narrowed: Narrowed): CsvCell[] => [
  ...cells,
  ...Object.values(narrowed),
];

export function narrowedDocument(
  header: readonly string[],
  lines: readonly (readonly CsvCell[])[],
  narrowed: Narrowed,
): string {
  return csvDocument(
    narrowedHeader(header, narrowed),
    lines.map((line) => narrowedLine(line, narrowed)),
  );
}

/** 'why-they-leave-2026-11-23-segment-Büro.csv': a file without rows says by its name alone what it is narrowed down to. */
export function fileNameOf(name: string, narrowed: Narrowed): string {
  const chosen = Object.entries(narrowed).flatMap(([field, value]) => (value ? [field, value] : []));
  return `${[name, ...chosen.map(plainly)].join('-')}.csv`;
}

const A_PART = 40;

/** What no system refuses in the name of a file. */
const plainly = (text: string): string =>
  text
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, A_PART);
