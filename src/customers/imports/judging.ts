import type { CheckedRow, CustomerData, ImportKind, RowData } from '../import/index.ts';
import { asCellError } from '../code-remarks.ts';
import type { CustomerRow } from '../customer.ts';
import type { Customers } from '../interface.ts';
import type { RecordKind, RecordRows } from '../records.ts';
import type { Facts } from './facts.ts';
import type { ImportsDeps } from './deps.ts';
import { withPostalCodes } from './postal-codes.ts';
import type { BadRow, WaitingRow } from './row-store.ts';

/** What a part of the file would do. Rows that would change nothing are only counted. */
export interface Judgement {
  rows: (WaitingRow | BadRow)[];
  same: number;
  /** Contact persons who are no colleagues, once for each row. */
  strangers: string[];
  /** New ones who are probably here already. */
  alike: number;
}

type GoodRow<K extends ImportKind> = Extract<CheckedRow<K>, { ok: true }>;

/** Compares rows of a file with what is known already. */
type Judge = (rows: CheckedRow[]) => Promise<Judgement>;

export async function createJudge(deps: ImportsDeps, kind: ImportKind, facts: Facts): Promise<Judge> {
  const { customers } = deps;
  if (kind !== 'customers') return (rows) => judgeRecords(customers, kind, rows as CheckedRow<typeof kind>[]);
  const colleagues = colleagueFinder(await deps.colleagues());
  return (rows) => judgeCustomers(customers, rows as CheckedRow<'customers'>[], colleagues, facts);
}

async function judgeCustomers(
  customers: Customers,
  checked: CheckedRow<'customers'>[],
  colleagueId: (text: string) => string | undefined,
  facts: Facts,
): Promise<Judgement> {
  const good = checked.filter((row) => row.ok) as GoodRow<'customers'>[];
  const strangers: string[] = [];
  const named = good.map(({ data }) => asCustomerRow(data, colleagueId, strangers));
  const read = await withPostalCodes(customers, named, facts);
  const rows = read.map(({ data }) => data);
  const outcomes = await customers.previewMany(rows, { defaults: facts.given });
  const waiting = read.flatMap((each, at): WaitingRow[] => {
    const state = WAITS[outcomes[at] ?? 'same'];
    return state ? [{ row: good[at]?.row ?? 0, state, ...each }] : [];
  });
  const fresh = rows.filter((_, at) => outcomes[at] === 'added');
  const alike = (await customers.resembling(fresh)).filter(Boolean).length;
  return { rows: [...badOnes(checked), ...waiting], same: good.length - waiting.length, strangers, alike };
}

const WAITS = { added: 'new', updated: 'update', same: null } as const;

async function judgeRecords<K extends RecordKind>(
  customers: Customers,
  kind: K,
  checked: CheckedRow<K>[],
): Promise<Judgement> {
  const good = checked.filter((row) => row.ok) as GoodRow<K>[];
  const rows = good.map(({ data }) => data as RowData[K] & RecordRows[K]);
  const outcomes = await customers.previewRecords(kind, rows);
  const judged = good.flatMap(({ row, cells = [] }, at): (WaitingRow | BadRow)[] => {
    const { outcome, remark } = outcomes[at] ?? { outcome: 'same' };
    if (outcome === 'unknownCustomer') return [{ row, state: 'bad', cells, errors: [UNKNOWN_CUSTOMER] }];
    const state = WAITS[outcome];
    const errors = remark ? [asCellError(remark)] : [];
    return state ? [{ row, state, data: rows[at] as object, cells, errors }] : [];
  });
  return { rows: [...badOnes(checked), ...judged], same: good.length - judged.length, strangers: [], alike: 0 };
}

export const UNKNOWN_CUSTOMER = { column: 'customer' as const, key: 'import.error.unknownCustomer', values: {} };

function badOnes(rows: CheckedRow[]): BadRow[] {
  return rows.flatMap((each) =>
    each.ok ? [] : [{ row: each.row, state: 'bad' as const, cells: each.cells, errors: each.errors }],
  );
}

/** A contact person whom nobody here knows changes nothing. */
function asCustomerRow(
  { contact, ...fields }: CustomerData,
  colleagueId: (text: string) => string | undefined,
  strangers: string[],
): CustomerRow {
  if (contact === undefined) return fields;
  if (contact === '') return { ...fields, contactAccountId: null };
  const id = colleagueId(contact);
  if (id === undefined) strangers.push(contact);
  return id === undefined ? fields : { ...fields, contactAccountId: id };
}

/** By address, or by a name that only one of them has. */
function colleagueFinder(colleagues: { id: string; name: string; email: string }[]) {
  const known = new Map<string, string | undefined>();
  for (const { id, name, email } of colleagues) {
    known.set(email.toLowerCase(), id);
    const key = name.toLowerCase();
    known.set(key, known.has(key) ? undefined : id);
  }
  return (text: string) => known.get(text.toLowerCase());
}
