import { Conflict } from '../shared/errors.ts';
import type { Db, Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import { remarksOn } from './code-remarks.ts';
import { inParts, retried } from './in-parts.ts';
import type { UpsertOptions } from './bulk.ts';
import { refreshAfter } from './record-changes.ts';
import { underKept } from './record-naming.ts';
import { columnKey, keyOf, keyWithCustomer, sameRecord } from './record-rules.ts';
import { findByKeys, idsByReference, insertRecords, updateRecord } from './record-store.ts';
import type { RecordKind, RecordOutcome, RecordRows, Records } from './records.ts';
import { partsWithoutRepeats } from './row-rules.ts';

/** Small enough that a transaction takes some milliseconds and nobody waits behind it. */
const MOST = 200;

type Fields<K extends RecordKind> = Omit<RecordRows[K], 'customerReference'>;

/** What a row comes to. */
interface Plan<K extends RecordKind> {
  customerId: string;
  fields: Fields<K>;
  outcome: RecordOutcome<K>;
}

/** Adds records of one kind, and changes those that are known by their reference or number. */
export async function addRecords<K extends RecordKind>(
  context: Context,
  kind: K,
  given: RecordRows[K][],
  { importId, inSameTransaction }: UpsertOptions = {},
): Promise<RecordOutcome<K>[]> {
  const write = async (tx: Tx, part: RecordRows[K][]) => {
    const plans = await planRecords(context, tx, kind, part);
    await writePlans(context, tx, kind, plans, importId);
    const remarks = await remarksOn(context.offerCodes, tx, kind, plans);
    return plans.map(({ outcome }, at) => ({ ...outcome, remark: remarks[at] ?? null }));
  };
  const rows = await underKept(context.storage.read, kind, given);
  const parts = partsWithoutRepeats(rows, MOST, (row) => keyWithCustomer(kind, row));
  return await inParts(retried(context.storage), parts, write, inSameTransaction);
}

/** What adding these rows comes to. */
export async function planRecords<K extends RecordKind>(
  context: Context,
  db: Db,
  kind: K,
  rows: RecordRows[K][],
): Promise<Plan<K>[]> {
  const ids = await idsByReference(db, [...new Set(rows.map((row) => row.customerReference))]);
  const keys = rows.flatMap((row) => columnKey(row) ?? []);
  const existing = await findByKeys(db, kind, [...ids.values()], keys);
  const known = new Map(existing.map((record) => [keyOf(kind, record.customerId, record), record]));
  return rows.map(({ customerReference, ...rest }) => {
    const fields = rest as Fields<K>;
    const customerId = ids.get(customerReference) ?? '';
    const record = columnKey(fields) === null ? undefined : known.get(keyOf(kind, customerId, fields));
    return { customerId, fields, outcome: outcomeOf(customerId, record, fields, context.id) };
  });
}

function outcomeOf<K extends RecordKind>(
  customerId: string,
  record: Records[K] | undefined,
  fields: Fields<K>,
  newId: () => string,
): RecordOutcome<K> {
  if (customerId === '') return { outcome: 'unknownCustomer', id: null, before: null };
  if (!record) return { outcome: 'added', id: newId(), before: null };
  if (sameRecord(record, fields)) return { outcome: 'same', id: record.id, before: null };
  return { outcome: 'updated', id: record.id, before: record };
}

async function writePlans<K extends RecordKind>(
  context: Context,
  tx: Tx,
  kind: K,
  plans: Plan<K>[],
  importId: string | undefined,
): Promise<void> {
  const [added, updated] = [having(plans, 'added'), having(plans, 'updated')];
  const origin = { importId: importId ?? null, createdAt: context.now() };
  const records = added.map(({ customerId, fields, outcome }) => {
    return { ...origin, id: outcome.id ?? '', customerId, fields };
  });
  if (records.length > 0 && (await insertRecords(tx, kind, records)) !== records.length) {
    throw new Conflict('error.changed');
  }
  for (const { outcome, fields } of updated) await updateRecord(tx, kind, outcome.id ?? '', fields);
  const customerIds = [...added, ...updated].map(({ customerId }) => customerId);
  await refreshAfter(context, tx, kind, customerIds);
}

const having = <K extends RecordKind>(plans: Plan<K>[], outcome: 'added' | 'updated') =>
  plans.filter((plan) => plan.outcome.outcome === outcome);
