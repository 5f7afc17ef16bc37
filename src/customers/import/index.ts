/** Reading and checking of customers' files; without a database and without HTTP. */
export type { CheckedRow } from './check-table.ts';
export { type ColumnChoice, type ColumnMapping, type Recognition, recogniseColumns } from './columns.ts';
export { emailKey, parseEmail, parseTelephone } from './contact-value.ts';
export type { CellError, CheckContext, FieldCells, SharedBasis } from './field-readers.ts';
export { type Field, type FieldOf, FIELDS, IMPORT_KINDS, type ImportKind, REQUIRED } from './fields.ts';
export type { DecimalMark } from './money-value.ts';
export { splitName } from './person-name.ts';
export { type FileSummary, readInWorker, type ReadJob, type ReadResult } from './read-in-worker.ts';
export { rejectedCsv, rejectedLines, type Rejected } from './rejected.ts';
export {
  checkCustomerRow,
  checkDealingRow,
  type Checked,
  checkInvoiceRow,
  checkPurchaseRow,
  type CustomerData,
  type DealingData,
  type InvoiceData,
  type PurchaseData,
  type RowData,
} from './rows.ts';
export { columnLetter, FileFault, LIMITS, type TableFacts } from './table.ts';
export { DEALING_KINDS, type DealingKind, LEGAL_BASES, type LegalBasis } from './word-value.ts';
