import type { DealingKind, LegalBasis } from './word-value.ts';

/**
 * A customer as the file has them. A field that the file has no column for is absent; one whose cell is empty is '',
 * [] or null. Money is in minor units, days are 'YYYY-MM-DD'. `contact` is a colleague's address or name.
 */
export interface CustomerData {
  reference: string;
  title?: string;
  givenName?: string;
  familyName?: string;
  organisation?: string;
  email?: string;
  telephone?: string;
  street?: string;
  postalCode?: string;
  city?: string;
  region?: string;
  country?: string;
  language?: string;
  timeZone?: string;
  customerSince?: string | null;
  status?: 'active' | 'left';
  leftOn?: string | null;
  segment?: string;
  tags?: string[];
  contact?: string;
  yearlyValueMinor?: number | null;
  legalBasis?: LegalBasis | '';
  legalBasisSource?: string;
  legalBasisOn?: string | null;
  notes?: string;
}

/** A negative amount is a credit. `reference` is '' where the file has none. */
export interface PurchaseData {
  customerReference: string;
  purchasedOn: string;
  amountMinor: number;
  item: string;
  reference: string;
}

/** `paidOn` is the due day where the file only says that it was paid. */
export interface InvoiceData {
  customerReference: string;
  number: string;
  issuedOn: string | null;
  amountMinor: number;
  dueOn: string;
  paidOn: string | null;
}

export interface DealingData {
  customerReference: string;
  kind: DealingKind;
  fromOn: string;
  toOn: string | null;
  reference: string;
  note: string;
}

export interface RowData {
  customers: CustomerData;
  purchases: PurchaseData;
  invoices: InvoiceData;
  dealings: DealingData;
}
