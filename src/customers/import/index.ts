/** Reading and checking of customers' files; without a database and without HTTP. */
export type { CheckedRow } from './check-table.ts';
export { type ColumnChoice, recogniseColumns } from './columns.ts';
export type { CellError } from './field-readers.ts';
export { type Field, FIELDS, IMPORT_KINDS, type ImportKind, REQUIRED } from './fields.ts';
export { withLostZeros } from './postal-code.ts';
export { type FileSummary, readInWorker, type ReadJob, type ReadResult } from './read-in-worker.ts';
export { rejectedLines } from './rejected.ts';
export type { CustomerData, RowData } from './row-data.ts';
export { columnLetter, FileFault, LIMITS } from './table.ts';
export { LEGAL_BASES } from './word-value.ts';
