import type { Actor } from '../shared/actor.ts';
import type { Result } from '../shared/errors.ts';
import type { Db, Page } from '../storage/index.ts';
import type { RevertOptions, UpsertOptions } from './bulk.ts';
import type { CodeRemark } from './code-remarks.ts';
import type {
  DealingRow,
  Habits,
  InvoiceRow,
  Purchase,
  PurchaseRow,
  RecordKind,
  RecordOutcome,
  RecordRows,
  Records,
} from './records.ts';

/** What customers bought, owe, and had done for them: purchases, invoices and dealings. */
export interface CustomerRecords {
  /** Purchases are the same when customer and reference are; without a reference each row is added. */
  addPurchases(actor: Actor, rows: PurchaseRow[], options?: UpsertOptions): Promise<RecordOutcome<'purchases'>[]>;
  /** Invoices are the same when customer and number are. */
  addInvoices(actor: Actor, rows: InvoiceRow[], options?: UpsertOptions): Promise<RecordOutcome<'invoices'>[]>;
  /** Dealings are the same when customer, kind and reference are. */
  addDealings(actor: Actor, rows: DealingRow[], options?: UpsertOptions): Promise<RecordOutcome<'dealings'>[]>;
  /**
   * Takes added records away again (`before` null) and puts changed ones back. One that has been changed since it was
   * imported is kept: `after` is how the import left it.
   */
  revertRecords<K extends RecordKind>(
    actor: Actor,
    kind: K,
    entries: { id: string; before: Records[K] | null; after: Omit<Records[K], 'id' | 'customerId'> }[],
    options?: RevertOptions,
  ): Promise<('undone' | 'kept')[]>;
  /** What adding these rows would do, without doing it. */
  previewRecords<K extends RecordKind>(
    kind: K,
    rows: RecordRows[K][],
  ): Promise<Pick<RecordOutcome, 'outcome' | 'remark'>[]>;
  /** What is to be said about the code of an offer that a purchase names; null where there is nothing. */
  codeRemark(customerId: string, purchaseId: string): Promise<CodeRemark | null>;
  /** A page of one customer's records, newest first. */
  records<K extends RecordKind>(
    kind: K,
    customerId: string,
    after: string | null,
    limit: number,
  ): Promise<Page<Records[K]>>;
  /** By hand, one at a time. The only field error here is a reference or number that this customer has already. */
  addRecord<K extends RecordKind>(
    actor: Actor,
    kind: K,
    customerId: string,
    fields: Omit<RecordRows[K], 'customerReference'>,
  ): Promise<Result<string>>;
  /** @throws NotFound unless the record is this customer's */
  record<K extends RecordKind>(kind: K, customerId: string, id: string): Promise<Records[K]>;
  /**
   * Puts other values in place of those that stand; `seen` is `seenMark` of the record that they were typed over.
   * @throws Conflict where it is no longer like that
   */
  editRecord<K extends RecordKind>(
    actor: Actor,
    kind: K,
    record: { customerId: string; id: string; seen: string },
    fields: Omit<RecordRows[K], 'customerReference'>,
  ): Promise<Result<string>>;
  removeRecord(actor: Actor, kind: RecordKind, customerId: string, id: string): Promise<void>;
  markPaid(actor: Actor, customerId: string, invoiceId: string, on: string): Promise<void>;
  habits(customerId: string): Promise<Habits>;
  /** On which days up to 500 customers bought something since that day, by id, the first first. */
  buyingDays(db: Db, customerIds: string[], since: string): Promise<Map<string, string[]>>;
  /** What up to 500 customers bought since that day, without credits, the first first. */
  purchasesSince(db: Db, customerIds: string[], since: string): Promise<Purchase[]>;
}
