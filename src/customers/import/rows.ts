import { checkCustomerRow } from './customer-row.ts';
import {
  DEALING_READERS,
  INVOICE_READERS,
  PURCHASE_READERS,
  readCells,
  type CheckContext,
  type FieldCells,
} from './field-readers.ts';
import type { FieldOf, ImportKind } from './fields.ts';
import { checked, withRequired, wrong, type Checked, type Identity } from './row-checks.ts';
import type { DealingData, InvoiceData, PurchaseData, RowData } from './row-data.ts';

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
