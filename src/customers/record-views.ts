import { formatDay } from '../i18n/index.ts';
import type { Dealing, Invoice, Purchase, RecordKind, Records } from './records.ts';
import { money, type Reader } from './words.ts';

interface RecordRowView {
  when: string;
  what: string;
  about: string;
  amount: string;
  state: { text: string; mood: 'good' | 'late' | 'bad' | '' } | null;
  act: { href: string; text: string; label: string } | null;
  /** Where it can be changed. */
  edit: string;
  remove: { href: string; label: string };
}

export interface RecordTable {
  kind: RecordKind;
  heading: string;
  empty: string;
  head: { when: string; what: string; amount: string };
  rows: RecordRowView[];
  hasAmounts: boolean;
  add: { href: string; text: string };
  more: string | null;
}

export interface RecordsPage {
  name: string;
  back: string;
  table: RecordTable;
  first: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'customers/records': RecordsPage;
    'customers/record-table': RecordTable;
  }
}

/** `more` leads to the kind's own page; on that page itself to the next part. */
export function recordTable<K extends RecordKind>(
  kind: K,
  path: string,
  part: { rows: Records[K][]; next: string | null },
  reader: Reader,
  today: string,
): RecordTable {
  const { t } = reader;
  return {
    kind,
    heading: t(`customers.${kind}`),
    empty: t(`customers.${kind}.empty`),
    head: { when: t('customers.record.when'), what: t(`customers.${kind}.what`), amount: t('customers.record.amount') },
    rows: part.rows.map((record) => ({
      ...rowOf(record, path, reader, today),
      edit: `${path}/${kind}/${record.id}/edit`,
      remove: { href: `${path}/${kind}/${record.id}/removal`, label: t(`customers.${kind}.remove`) },
    })),
    hasAmounts: kind !== 'dealings',
    add: { href: `${path}/${kind}/new`, text: t(`customers.${kind}.add`) },
    more: part.next === null ? null : `${path}/${kind}`,
  };
}

type Bare = Omit<RecordRowView, 'edit' | 'remove'>;

function rowOf(record: Purchase | Invoice | Dealing, path: string, reader: Reader, today: string): Bare {
  if ('purchasedOn' in record) return purchaseRow(record, reader);
  return 'number' in record ? invoiceRow(record, path, reader, today) : dealingRow(record, reader);
}

function purchaseRow({ purchasedOn, item, reference, amountMinor }: Purchase, reader: Reader): Bare {
  const fallback = reader.t(amountMinor < 0 ? 'customers.purchases.credit' : 'customers.purchases.one');
  return {
    when: formatDay(purchasedOn, reader.language),
    what: item || fallback,
    about: reference,
    amount: money(amountMinor, reader),
    state: null,
    act: null,
  };
}

function invoiceRow(
  { id, number, issuedOn, dueOn, paidOn, amountMinor }: Invoice,
  path: string,
  reader: Reader,
  today: string,
): Bare {
  const { t, language } = reader;
  const day = issuedOn ?? dueOn;
  const due = dueOn === null ? '' : t('customers.invoices.due', { day: formatDay(dueOn, language) });
  const isLate = paidOn === null && dueOn !== null && dueOn < today;
  return {
    when: day === null ? '' : formatDay(day, language),
    what: number,
    about: paidOn === null ? due : t('customers.invoices.paidOn', { day: formatDay(paidOn, language) }),
    amount: money(amountMinor, reader),
    state: {
      text: t(
        paidOn !== null ? 'customers.invoices.paid' : isLate ? 'customers.invoices.overdue' : 'customers.invoices.open',
      ),
      mood: paidOn !== null ? 'good' : isLate ? 'bad' : '',
    },
    act:
      paidOn === null
        ? { href: `${path}/invoices/${id}/payment`, text: t('customers.invoices.pay'), label: number }
        : null,
  };
}

function dealingRow({ kind, fromOn, toOn, reference, note }: Dealing, { t, language }: Reader): Bare {
  const from = formatDay(fromOn, language);
  return {
    when: toOn === null || toOn === fromOn ? from : `${from} – ${formatDay(toOn, language)}`,
    what: [t(`customers.dealing.${kind}`), reference].filter(Boolean).join(' '),
    about: note,
    amount: '',
    state: null,
    act: null,
  };
}

/** Which record a question is about: 'Purchase of 12 March 2026, € 300'. */
export function recordInWords(record: Purchase | Invoice | Dealing, reader: Reader, today: string): string {
  const { when, what, amount } = rowOf(record, '', reader, today);
  return [what, when, amount].filter(Boolean).join(', ');
}
