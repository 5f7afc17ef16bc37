import { emailKey } from './contact-value.ts';
import {
  type CellError,
  type CheckContext,
  CUSTOMER_READERS,
  DEALING_READERS,
  type FieldCells,
  INVOICE_READERS,
  PURCHASE_READERS,
  readCells,
} from './field-readers.ts';
import type { Field, FieldOf, ImportKind } from './fields.ts';
import { splitName } from './person-name.ts';
import { bad } from './text-value.ts';
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

/** What may stand in a file only once, under the column that says so. */
export type Identity = [column: Field, key: string];

export type Checked<T> = { identities: Identity[] } & ({ ok: true; data: T } | { ok: false; errors: CellError[] });

function checked<T>(identities: Identity[], errors: CellError[], data: () => T): Checked<T> {
  return errors.length > 0 ? { identities, ok: false, errors } : { identities, ok: true, data: data() };
}

function wrong(column: Field, key: string): CellError {
  const { key: full, values } = bad(key);
  return { column, key: full, values };
}

/** For cells that must be there even when the file or the caller has none. */
function withRequired<F extends Field>(cells: FieldCells<F>, fields: readonly F[]): FieldCells<F> {
  const all = { ...cells };
  for (const field of fields) all[field] ??= '';
  return all;
}

type CustomerValues = ReturnType<typeof readCells<typeof CUSTOMER_READERS>>['values'];

export function checkCustomerRow(
  cells: FieldCells<FieldOf<'customers'>>,
  context: CheckContext,
): Checked<CustomerData> {
  const { values, errors } = readCells(CUSTOMER_READERS, withRequired(cells, ['reference']), context);
  const broken = new Set<string>(errors.map((error) => error.column));
  errors.push(...leavingErrors(values, broken), ...basisErrors(values, broken, context));
  if (isTotal(cells)) errors.push(wrong('reference', 'onlyNumber'));
  const identities: Identity[] = [];
  if (values.reference) identities.push(['reference', values.reference]);
  if (values.email) identities.push(['email', emailKey(values.email)]);
  return checked(identities, errors, () => customerData(values, context));
}

const TOTAL = /^(?:grand |sub-?)?(?:total|sum|summe|gesamt|insgesamt|anzahl|totaal|aantal|totalt|antall|i alt)\b/i;

/** The last line of many lists says how many there are. */
function isTotal({ reference = '', ...others }: FieldCells<FieldOf<'customers'>>): boolean {
  return TOTAL.test(String(reference).trim()) && Object.values(others).every((cell) => String(cell).trim() === '');
}

function leavingErrors({ status, leftOn, customerSince }: CustomerValues, broken: Set<string>): CellError[] {
  if (broken.has('leftOn') || broken.has('status')) return [];
  if (status === 'left' && !leftOn) return [wrong('leftOn', 'leftWithoutDate')];
  if (status === 'active' && leftOn) return [wrong('status', 'leftButActive')];
  return leftOn && customerSince && leftOn < customerSince ? [wrong('leftOn', 'leftBeforeCame')] : [];
}

/** A basis counts only with where it comes from and since when. */
function basisErrors(values: CustomerValues, broken: Set<string>, { legalBasis }: CheckContext): CellError[] {
  const errors: CellError[] = [];
  if (!values.legalBasis) return errors;
  if (!values.legalBasisSource && !legalBasis && !broken.has('legalBasisSource')) {
    errors.push(wrong('legalBasisSource', 'noBasisSource'));
  }
  if (!values.legalBasisOn && !legalBasis && !broken.has('legalBasisOn')) {
    errors.push(wrong('legalBasisOn', 'noBasisDate'));
  }
  return errors;
}

function customerData(values: CustomerValues, context: CheckContext): CustomerData {
  const { fullName, yearlyValue, leftOn, customerSince, ...others } = values;
  const { legalBasis, legalBasisOn, legalBasisSource, reference = '', ...plain } = others;
  const has = (field: keyof CustomerValues) => field in values;
  return {
    reference,
    ...plain,
    ...(fullName ? nameParts(fullName, values) : {}),
    ...(has('yearlyValue') ? { yearlyValueMinor: yearlyValue ?? null } : {}),
    ...(has('customerSince') ? { customerSince: customerSince ?? null } : {}),
    ...(has('status') || has('leftOn') ? standing(leftOn) : {}),
    ...basisOf({ legalBasis, legalBasisSource, legalBasisOn }, has('legalBasis'), context),
  };
}

function standing(leftOn: string | undefined): Pick<CustomerData, 'status' | 'leftOn'> {
  return { status: leftOn ? 'left' : 'active', leftOn: leftOn ?? null };
}

/** Cells of their own come first; the one cell with everything fills what they leave empty. */
function nameParts(fullName: string, values: CustomerValues): Partial<CustomerData> {
  const { givenName, familyName, organisation, title } = values;
  if (givenName || familyName) return {};
  const parts = splitName(fullName);
  // With the firm in a column of its own, the name beside it is a person's.
  if (organisation && parts.organisation) return organisation === fullName ? {} : { familyName: fullName };
  return { ...parts, organisation: organisation || parts.organisation, title: title || parts.title };
}

function basisOf(
  own: Pick<CustomerValues, 'legalBasis' | 'legalBasisSource' | 'legalBasisOn'>,
  hasColumn: boolean,
  { legalBasis: shared }: CheckContext,
): Pick<CustomerData, 'legalBasis' | 'legalBasisSource' | 'legalBasisOn'> {
  if (own.legalBasis) {
    const source = own.legalBasisSource || shared?.source || '';
    return {
      legalBasis: own.legalBasis,
      legalBasisSource: source,
      legalBasisOn: own.legalBasisOn ?? shared?.on ?? null,
    };
  }
  if (shared) return { legalBasis: shared.basis, legalBasisSource: shared.source, legalBasisOn: shared.on };
  return hasColumn ? { legalBasis: '', legalBasisSource: '', legalBasisOn: null } : {};
}

export function checkPurchaseRow(
  cells: FieldCells<FieldOf<'purchases'>>,
  context: CheckContext,
): Checked<PurchaseData> {
  const all = withRequired(cells, ['customer', 'date', 'amount']);
  const { values, errors } = readCells(PURCHASE_READERS, all, context);
  const { customer = '', date = '', amount = 0, item = '', reference = '' } = values;
  const identities: Identity[] = customer && reference ? [['reference', joined(customer, reference)]] : [];
  return checked(identities, errors, () => ({
    customerReference: customer,
    purchasedOn: date,
    amountMinor: amount,
    item,
    reference,
  }));
}

export function checkInvoiceRow(cells: FieldCells<FieldOf<'invoices'>>, context: CheckContext): Checked<InvoiceData> {
  const all = withRequired(cells, ['customer', 'number', 'amount', 'due']);
  const { values, errors } = readCells(INVOICE_READERS, all, context);
  const { customer = '', number = '', amount = 0, issued, due = '', paid } = values;
  if (issued && due && due < issued) errors.push(wrong('due', 'endsBeforeBegins'));
  const identities: Identity[] = customer && number ? [['number', joined(customer, number)]] : [];
  return checked(identities, errors, () => ({
    customerReference: customer,
    number,
    issuedOn: issued ?? null,
    amountMinor: amount,
    dueOn: due,
    paidOn: paid === true ? due : (paid ?? null),
  }));
}

export function checkDealingRow(cells: FieldCells<FieldOf<'dealings'>>, context: CheckContext): Checked<DealingData> {
  const all = withRequired(cells, ['customer', 'kind', 'from']);
  const { values, errors } = readCells(DEALING_READERS, all, context);
  const { customer = '', kind = 'order', from = '', to, reference = '', note = '' } = values;
  if (to && from && to < from) errors.push(wrong('to', 'endsBeforeBegins'));
  const identities: Identity[] = customer && reference ? [['reference', joined(customer, kind, reference)]] : [];
  return checked(identities, errors, () => ({
    customerReference: customer,
    kind,
    fromOn: from,
    toOn: to ?? null,
    reference,
    note,
  }));
}

function joined(...parts: string[]): string {
  return parts.join('\0');
}

type RowChecks = { [K in ImportKind]: (cells: FieldCells<FieldOf<K>>, context: CheckContext) => Checked<RowData[K]> };

export const ROW_CHECKS: RowChecks = {
  customers: checkCustomerRow,
  purchases: checkPurchaseRow,
  invoices: checkInvoiceRow,
  dealings: checkDealingRow,
};
