import type { CodeRemark } from './code-remarks.ts';
import type { DealingKind } from './customer.ts';

/** A purchase of a customer named by the business's own reference. A negative amount is a credit. */
export interface PurchaseRow {
  customerReference: string;
  purchasedOn: string;
  amountMinor: number;
  item: string;
  /** '' where there is none; then the same row added twice is two purchases. */
  reference: string;
}

export interface InvoiceRow {
  customerReference: string;
  number: string;
  issuedOn: string | null;
  amountMinor: number;
  dueOn: string | null;
  paidOn: string | null;
}

export interface DealingRow {
  customerReference: string;
  kind: DealingKind;
  fromOn: string;
  toOn: string | null;
  /** '' where there is none. */
  reference: string;
  note: string;
}

export interface Purchase extends Omit<PurchaseRow, 'customerReference'> {
  id: string;
  customerId: string;
}

export interface Invoice extends Omit<InvoiceRow, 'customerReference'> {
  id: string;
  customerId: string;
}

export interface Dealing extends Omit<DealingRow, 'customerReference'> {
  id: string;
  customerId: string;
}

export interface Records {
  purchases: Purchase;
  invoices: Invoice;
  dealings: Dealing;
}

export interface RecordRows {
  purchases: PurchaseRow;
  invoices: InvoiceRow;
  dealings: DealingRow;
}

export type RecordKind = keyof Records;
export const RECORD_KINDS: readonly RecordKind[] = ['purchases', 'invoices', 'dealings'];

/** What became of a row. `before` is the record as it was, for an undo; `id` is null where the customer is unknown. */
export type RecordOutcome<K extends RecordKind = RecordKind> = (
  | { outcome: 'added' | 'same'; id: string; before: null }
  | { outcome: 'updated'; id: string; before: Records[K] }
  | { outcome: 'unknownCustomer'; id: null; before: null }
) & { remark?: CodeRemark | null };

/** How a customer buys and pays. */
export interface Habits {
  /** Median gap in days between the days on which they bought; undefined with fewer than two gaps. */
  usualGapDays: number | undefined;
  /** Invoices past their due day and not paid. */
  overdue: { count: number; amountMinor: number };
}
