import { csvDocument } from '../../shared/csv.ts';
import type { CheckedRow } from './check-table.ts';
import type { TableFacts } from './table.ts';

type Rejected = Extract<CheckedRow, { ok: false }>;

/**
 * The rows that were not taken, as a file to mend and import again: the columns of the original, then the spreadsheet's
 * row number and what is wrong. `labels` and `explain` say these in the reader's language.
 */
export function rejectedCsv(
  facts: TableFacts,
  rows: Iterable<Rejected>,
  labels: { row: string; problem: string },
  explain: (row: Rejected) => string,
): string {
  const columns = facts.header.length;
  const lines = Iterator.from(rows).map((rejected) => [
    ...Array.from({ length: columns }, (_, column) => rejected.cells[column] ?? ''),
    rejected.row,
    explain(rejected),
  ]);
  return csvDocument([...facts.header, labels.row, labels.problem], lines, facts.separator ?? ';');
}
