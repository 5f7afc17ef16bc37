import type { Db } from '../storage/index.ts';
import { numberFrom } from './merge-rules.ts';
import { keptReferences } from './merge-store.ts';
import { columnKey, keyOf } from './record-rules.ts';
import { findByKeys, idsByReference } from './record-store.ts';
import type { RecordKind, RecordRows } from './records.ts';

/**
 * Rows that name a merged record are the kept one's; a number that both had means the purchase, invoice or dealing which came
 * over with that record, never the kept one's own.
 */
export async function underKept<K extends RecordKind>(
  db: Db,
  kind: K,
  rows: RecordRows[K][],
): Promise<RecordRows[K][]> {
  const kept = await keptReferences(
    db,
    rows.map((row) => row.customerReference),
  );
  if (kept.size === 0) return rows;
  const ids = await idsByReference(db, [...new Set(kept.values())]);
  const named = rows.map((row) => asKept(kind, row, kept));
  const keys = named.flatMap(({ moved }) => (moved && columnKey(moved)) ?? []);
  const records = await findByKeys(db, kind, [...ids.values()], keys);
  const known = new Set(records.map((record) => keyOf(kind, record.customerId, record)));
  return named.map(({ row, moved }) => {
    const id = ids.get(row.customerReference) ?? '';
    return moved && known.has(keyOf(kind, id, moved)) ? moved : row;
  });
}

function asKept<K extends RecordKind>(kind: K, given: RecordRows[K], kept: Map<string, string>) {
  const customerReference = kept.get(given.customerReference);
  if (customerReference === undefined) return { row: given };
  const row = { ...given, customerReference };
  const key = columnKey(given);
  if (key === null) return { row };
  const number = numberFrom(key, given.customerReference);
  return { row, moved: { ...row, [kind === 'invoices' ? 'number' : 'reference']: number } };
}
