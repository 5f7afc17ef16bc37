import { csvLine, CSV_BOM } from '../../shared/csv.ts';
import type { CheckedRow } from './check-table.ts';
import type { TableFacts } from './table.ts';

type Rejected = Extract<CheckedRow, { ok: false }>;

/**
 * The rows that were not taken, as a file to mend and import again: the columns of the original, then the spreadsheet's
 * row number and what is wrong. `labels` and `explain` say these in the reader's language. In pieces, as it may be long.
 */
export function rejectedLines(
  { header, separator }: Pick<TableFacts, 'header' | 'separator'>,
  labels: { row: string; problem: string },
  explain: (row: Rejected) => string,
): { head: string; line(row: Rejected): string } {
  const mark = separator ?? ';';
  return {
    head: CSV_BOM + csvLine([...header, labels.row, labels.problem], mark),
    line: (rejected) =>
      csvLine([...header.map((_, column) => rejected.cells[column] ?? ''), rejected.row, explain(rejected)], mark),
  };
}
