/** Reading and checking of customers' files; without a database and without HTTP. */
export type { CheckedRow } from './check-table.ts';
export { type ColumnChoice, type ColumnMapping, type Recognition, recogniseColumns } from './columns.ts';
export { emailKey, parseEmail, parseTelephone } from './contact-value.ts';
export type { CellError, CheckContext, FieldCells, SharedBasis } from './field-readers.ts';
export { type Field, type FieldOf, FIELDS, IMPORT_KINDS, type ImportKind, REQUIRED } from './fields.ts';
export type { DecimalMark } from './money-value.ts';
export { splitName } from './person-name.ts';
export { withLostZeros } from './postal-code.ts';
export { type FileSummary, readInWorker, type ReadJob, type ReadResult } from './read-in-worker.ts';
export { rejectedCsv, rejectedLines, type Rejected } from './rejected.ts';
export { checkCustomerRow } from './customer-row.ts';
export type { Checked } from './row-checks.ts';
export type { CustomerData, DealingData, InvoiceData, PurchaseData, RowData } from './row-data.ts';
export { checkDealingRow, checkInvoiceRow, checkPurchaseRow } from './rows.ts';
export { columnLetter, FileFault, LIMITS, type TableFacts } from './table.ts';
export { DEALING_KINDS, type DealingKind, LEGAL_BASES, type LegalBasis } from './word-value.ts';
