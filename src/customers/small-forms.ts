import type { Actor } from '../shared/actor.ts';
import type { Result } from '../shared/errors.ts';
import { readForm } from '../web/index.ts';
import type { Customer } from './customer.ts';
import { SMALL_FORMS, WAYS_TO_TELL, type FormContext } from './forms.ts';
import { readRecord } from './record-forms.ts';
import type { SmallField } from './form-views.ts';
import { DEALING_KINDS } from './fields.ts';
import type { Customers } from './interface.ts';
import type { Reader } from './words.ts';

export type SmallFormName = keyof typeof SMALL_FORMS;

interface Given {
  customers: Customers;
  actor: Actor;
  customer: Customer;
  /** The record that it is about, where it is about one. */
  recordId: string;
}

interface SmallForm {
  /** What stands in the fields before anybody types. */
  values(customer: Customer, context: FormContext): Record<string, string>;
  fields(reader: Reader): SmallField[];
  /** Reads what was typed and does it. */
  submit(body: unknown, context: FormContext, given: Given): Promise<Result<unknown>>;
}

const done: Result<null> = { ok: true, value: null };

/** Reads a form, and does with it what is to be done where it is right. */
async function read<T>(form: Result<T>, act: (value: T) => Promise<Result<unknown> | void>): Promise<Result<unknown>> {
  return form.ok ? ((await act(form.value)) ?? done) : form;
}

const today = (_customer: Customer, context: FormContext) => ({ on: context.today });

const howTheyTold = ({ t }: Reader): SmallField => ({
  kind: 'select',
  name: 'how',
  label: t('customers.unsubscription.how'),
  options: [
    { value: '', text: t('customers.form.choose') },
    ...WAYS_TO_TELL.map((value) => ({ value, text: t(`customers.unsubscription.${value}`) })),
  ],
});

export const smallForms: Record<SmallFormName, SmallForm> = {
  departure: {
    values: today,
    fields: ({ t }) => [
      { kind: 'date', name: 'on', label: t('customers.departure.on'), hint: t('customers.departure.hint') },
    ],
    submit: (body, context, { customers, actor, customer }) =>
      read(readForm(SMALL_FORMS.departure(context), body), ({ on }) => customers.markLeft(actor, customer.id, on)),
  },
  unsubscription: {
    values: () => ({}),
    fields: (reader) => [howTheyTold(reader)],
    submit: (body, _context, { customers, actor, customer }) =>
      read(readForm(SMALL_FORMS.unsubscription(), body), ({ how }) =>
        customers.unsubscribeByHand(actor, customer.id, how),
      ),
  },
  resubscription: {
    values: () => ({}),
    fields: (reader) => [
      howTheyTold(reader),
      {
        kind: 'lines',
        name: 'reason',
        label: reader.t('customers.resubscription.reason'),
        hint: reader.t('customers.resubscription.reasonHint'),
      },
    ],
    submit: (body, _context, { customers, actor, customer }) =>
      read(readForm(SMALL_FORMS.resubscription(), body), (note) =>
        customers.resubscribeByHand(actor, customer.id, note),
      ),
  },
  tags: {
    values: ({ tags }) => ({ tags: tags.join(', ') }),
    fields: ({ t }) => [
      { kind: 'text', name: 'tags', label: t('customers.field.tags'), hint: t('customers.form.tagsHint') },
    ],
    submit: (body, _context, { customers, actor, customer }) =>
      read(readForm(SMALL_FORMS.tags(), body), ({ tags }) => customers.setTags(actor, customer.id, tags)),
  },
  payment: {
    values: today,
    fields: ({ t }) => [{ kind: 'date', name: 'on', label: t('customers.payment.on') }],
    submit: (body, context, { customers, actor, customer, recordId }) =>
      read(readForm(SMALL_FORMS.payment(context), body), ({ on }) =>
        customers.markPaid(actor, customer.id, recordId, on),
      ),
  },
  purchases: {
    values: (_customer, context) => ({ purchasedOn: context.today }),
    fields: ({ t, currency }) => [
      { kind: 'date', name: 'purchasedOn', label: t('customers.record.day') },
      {
        kind: 'amount',
        name: 'amount',
        label: t('customers.record.amountIn', { currency }),
        hint: t('customers.purchases.amountHint'),
      },
      { kind: 'text', name: 'item', label: t('customers.purchases.item') },
      { kind: 'text', name: 'reference', label: t('customers.record.reference') },
    ],
    submit: (body, context, { customers, actor, customer }) =>
      read(readRecord.purchases(body, context), (fields) =>
        customers.addRecord(actor, 'purchases', customer.id, fields),
      ),
  },
  invoices: {
    values: (_customer, context) => ({ issuedOn: context.today }),
    fields: ({ t, currency }) => [
      { kind: 'text', name: 'number', label: t('customers.invoices.number') },
      { kind: 'amount', name: 'amount', label: t('customers.record.amountIn', { currency }) },
      { kind: 'date', name: 'issuedOn', label: t('customers.invoices.issuedOn') },
      { kind: 'date', name: 'dueOn', label: t('customers.invoices.dueOn') },
      {
        kind: 'date',
        name: 'paidOn',
        label: t('customers.invoices.paidLabel'),
        hint: t('customers.invoices.paidHint'),
      },
    ],
    submit: (body, context, { customers, actor, customer }) =>
      read(readRecord.invoices(body, context), (fields) => customers.addRecord(actor, 'invoices', customer.id, fields)),
  },
  dealings: {
    values: (_customer, context) => ({ fromOn: context.today }),
    fields: ({ t }) => [
      {
        kind: 'select',
        name: 'kind',
        label: t('customers.dealings.kind'),
        options: DEALING_KINDS.map((value) => ({ value, text: t(`customers.dealing.${value}`) })),
      },
      { kind: 'date', name: 'fromOn', label: t('customers.dealings.from') },
      { kind: 'date', name: 'toOn', label: t('customers.dealings.to'), hint: t('customers.dealings.toHint') },
      { kind: 'text', name: 'reference', label: t('customers.record.reference') },
      { kind: 'lines', name: 'note', label: t('customers.dealings.note') },
    ],
    submit: (body, context, { customers, actor, customer }) =>
      read(readRecord.dealings(body, context), (fields) => customers.addRecord(actor, 'dealings', customer.id, fields)),
  },
};
