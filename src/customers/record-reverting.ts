import type { Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import { inParts } from './in-parts.ts';
import type { RevertOptions } from './bulk.ts';
import type { Customers } from './interface.ts';
import { refreshAfter } from './record-changes.ts';
import { sameRecord } from './record-rules.ts';
import { deleteRecords, findRecords, updateRecord } from './record-store.ts';
import type { RecordKind, RecordRows } from './records.ts';
import { partsWithoutRepeats } from './row-rules.ts';

/** Small enough that a transaction takes some milliseconds and nobody waits behind it. */
const MOST = 200;

type Entries = Parameters<Customers['revertRecords']>[2];

/** Takes back what an import did to records of one kind, where nobody has changed them since. */
export function revertRecords<K extends RecordKind>(
  context: Context,
  kind: K,
  entries: Entries,
  { inSameTransaction }: RevertOptions = {},
): Promise<('undone' | 'kept')[]> {
  const revert = (tx: Tx, part: Entries) => revertPart(context, tx, kind, part);
  const parts = partsWithoutRepeats(entries, MOST, ({ id }) => id);
  return inParts((body) => context.storage.transaction(body), parts, revert, inSameTransaction);
}

async function revertPart<K extends RecordKind>(context: Context, tx: Tx, kind: K, entries: Entries) {
  const ids = entries.map(({ id }) => id);
  const current = new Map((await findRecords(tx, kind, ids)).map((each) => [each.id, each]));
  const untouched = entries.filter(({ id, after }) => sameRecord(current.get(id), after));
  const added = untouched.filter(({ before }) => before === null).map(({ id }) => id);
  if (added.length > 0) await deleteRecords(tx, kind, added);
  for (const { id, before } of untouched)
    if (before) await updateRecord(tx, kind, id, before as unknown as Omit<RecordRows[K], 'customerReference'>);
  const customerIds = untouched.map(({ id }) => current.get(id)?.customerId ?? '');
  await refreshAfter(context, tx, kind, customerIds);
  const undone = new Set(untouched.map(({ id }) => id));
  return ids.map((id) => (undone.has(id) ? 'undone' : 'kept'));
}
