import { page, type Page } from '../../storage/index.ts';
import type { ImportsDeps } from './deps.ts';
import type { Import } from './facts.ts';
import { importedRows, type ImportedRow } from './row-store.ts';

/** A row that an undo left in, and whose it is; null where the customer is gone. */
export interface KeptRow {
  row: number;
  reference: string;
  customer: { id: string; name: string } | null;
}

export async function keptRows(deps: ImportsDeps, given: Import, after: number, limit: number): Promise<Page<KeptRow>> {
  const { storage, customers } = deps;
  const kept = await importedRows(storage.read, given.id, 'kept', after, limit + 1);
  const { rows, next } = page(kept, limit, ({ row }) => String(row));
  const ids = await idsOf(deps, given, rows);
  const names = await customers.names(storage.read, [...new Set(ids)]);
  const whose = (id = '') => {
    const name = names.get(id)?.name;
    return name === undefined ? null : { id, name };
  };
  return {
    next,
    rows: rows.map((each, at) => ({ row: each.row, reference: referenceOf(each), customer: whose(ids[at]) })),
  };
}

/** By the record itself where that is the customer, whose number may be another one by now. */
async function idsOf({ customers }: ImportsDeps, { kind }: Import, rows: ImportedRow[]): Promise<string[]> {
  if (kind === 'customers') return rows.map(({ recordId }) => recordId);
  const references = [...new Set(rows.map(referenceOf))];
  const found = await Promise.all(references.map((reference) => customers.findByReference(reference)));
  const ids = new Map(found.flatMap((customer) => (customer ? [[customer.reference, customer.id] as const] : [])));
  return rows.map((each) => ids.get(referenceOf(each)) ?? '');
}

function referenceOf({ data }: ImportedRow): string {
  const { reference, customerReference } = data as { reference?: string; customerReference?: string };
  return customerReference ?? reference ?? '';
}
