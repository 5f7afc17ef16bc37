import { Problem } from '../../shared/errors.ts';

/** A number only where the file itself says that it is one (Excel); dates come as 'YYYY-MM-DD'. */
export type Cell = string | number;

export type Encoding = 'UTF-8' | 'Windows-1252' | 'UTF-16LE' | 'UTF-16BE';
export type Separator = ',' | ';' | '\t';

/** `row` is the spreadsheet's row number. More cells than the header has mean that the row is out of step with it. */
export interface TableRow {
  row: number;
  cells: Cell[];
}

/** `separator` is null for Excel; unnamed columns are '' in the header. */
export interface TableFacts {
  format: 'csv' | 'xlsx';
  encoding: Encoding;
  separator: Separator | null;
  header: string[];
}

/** `batches()` may be called again to read the file from its start; empty rows are counted and left out. */
export interface Table {
  facts: TableFacts;
  batches(): AsyncGenerator<TableRow[]>;
}

export const LIMITS = {
  fileBytes: 20 * 1024 * 1024,
  rows: 200_000,
  /** A spreadsheet has no more rows than this, empty ones included. */
  rowNumber: 1_048_576,
  columns: 200,
  cells: 10_000_000,
  rowCharacters: 100_000,
  unpackedBytes: 150 * 1024 * 1024,
  batchRows: 500,
} as const;

/** The file as a whole cannot be read; the key is an `import.file.` message. */
export class FileFault extends Problem {}

/** Which message and which values; the key without its `import.file.`. */
export function fault(key: string, values: Record<string, string | number> = {}): FileFault {
  return new FileFault(`import.file.${key}`, values);
}

/** As spreadsheets name columns: 0 is A, 26 is AA. */
export function columnLetter(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26));
  return index < 26 ? letter : columnLetter(Math.floor(index / 26) - 1) + letter;
}
