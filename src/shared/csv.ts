/** CSV that a spreadsheet opens as it stands: UTF-8 with BOM, CRLF, and no cell that it would run as a formula. */

export type CsvCell = string | number | null | undefined;
type CsvSeparator = ',' | ';' | '\t';

export const CSV_BOM = '\uFEFF';

const STARTS_A_FORMULA = /^'*[=+\-@\t\r]/;
const PLAIN_NEGATIVE = /^-\d[\d.,]*$/;
const NEEDS_QUOTES = /["\r\n,;\t]|^\s|\s$/;

/**
 * Puts an apostrophe before text that a spreadsheet would take for a formula; negative numbers stay as they are.
 * Source: OWASP, CSV Injection.
 */
function neutralised(text: string): string {
  return STARTS_A_FORMULA.test(text) && !PLAIN_NEGATIVE.test(text) ? `'${text}` : text;
}

/** Takes back the apostrophe that `csvLine` (or a spreadsheet) put before such text. */
export function withoutFormulaGuard(text: string): string {
  return text.startsWith("'") && STARTS_A_FORMULA.test(text) ? text.slice(1) : text;
}

function csvCell(cell: CsvCell): string {
  if (typeof cell === 'number') return String(cell);
  const text = neutralised(cell ?? '');
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One row with its line end. */
export function csvLine(cells: readonly CsvCell[], separator: CsvSeparator = ','): string {
  return `${cells.map(csvCell).join(separator)}\r\n`;
}

/** A whole document with BOM and header; for very long ones send `CSV_BOM` and then `csvLine` by `csvLine`. */
export function csvDocument(
  header: readonly string[],
  rows: Iterable<readonly CsvCell[]>,
  separator: CsvSeparator = ',',
): string {
  let text = CSV_BOM + csvLine(header, separator);
  for (const row of rows) text += csvLine(row, separator);
  return text;
}
