import type { Result } from '../shared/errors.ts';
import { readForm } from '../web/index.ts';
import { SMALL_FORMS, typedMoney, type FormContext } from './forms.ts';
import type { Dealing, Invoice, Purchase, RecordKind, RecordRows } from './records.ts';

type Fields<K extends RecordKind> = Omit<RecordRows[K], 'customerReference'>;

/** What somebody typed of a purchase, an invoice or a dealing, for adding and changing alike. */
export const readRecord: { [K in RecordKind]: (body: unknown, context: FormContext) => Result<Fields<K>> } = {
  purchases: (body, context) => withMinor(readForm(SMALL_FORMS.purchases(context), body)),
  invoices: (body, context) => withMinor(readForm(SMALL_FORMS.invoices(context), body)),
  dealings: (body) => readForm(SMALL_FORMS.dealings(), body),
};

function withMinor<T extends { amount: number }>(form: Result<T>): Result<Omit<T, 'amount'> & { amountMinor: number }> {
  if (!form.ok) return form;
  const { amount, ...rest } = form.value;
  return { ok: true, value: { ...rest, amountMinor: amount } };
}

/** A record as it stands in the fields of its form. */
export function typedRecord(record: Purchase | Invoice | Dealing, context: FormContext): Record<string, string> {
  const typed = Object.fromEntries(
    Object.entries(record).map(([name, value]): [string, string] => [name, value === null ? '' : String(value)]),
  );
  return 'amountMinor' in record ? { ...typed, amount: typedMoney(record.amountMinor, context) } : typed;
}
