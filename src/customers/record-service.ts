import { dayIn } from '../shared/dates.ts';
import { Conflict } from '../shared/errors.ts';
import { page, type Db, type Tx } from '../storage/index.ts';
import { withRetries, type Context } from './context.ts';
import type { Customers, UpsertOptions } from './interface.ts';
import { beyond, columnKey, cursorOf, dayOf, keyOf, keyWithCustomer, sameRecord, usualGap } from './record-rules.ts';
import {
  buyingDays,
  deleteRecords,
  findByKeys,
  findRecords,
  idsByReference,
  insertRecords,
  overdueInvoices,
  purchaseDays,
  purchasesSince,
  recordsBefore,
  updateRecord,
} from './record-store.ts';
import { refreshAfter } from './record-changes.ts';
import type { RecordKind, RecordOutcome, RecordRows, Records } from './records.ts';
import { partsWithoutRepeats } from './row-rules.ts';
import { refreshWorth, worthsOf } from './worth-store.ts';

type Recording = Pick<
  Customers,
  | 'addPurchases'
  | 'addInvoices'
  | 'addDealings'
  | 'revertRecords'
  | 'previewRecords'
  | 'records'
  | 'habits'
  | 'buyingDays'
  | 'purchasesSince'
  | 'refreshWorth'
  | 'worths'
>;

const MOST = 200;
/** The habit of late is what counts: some years of weekly purchases. */
const MOST_DAYS = 200;

type Fields<K extends RecordKind> = Omit<RecordRows[K], 'customerReference'>;

/** Purchases, invoices and dealings: they arrive in bulk, and purchases change what a customer is worth. */
export function createRecording(context: Context): Recording {
  const { storage } = context;

  async function add<K extends RecordKind>(kind: K, rows: RecordRows[K][], options: UpsertOptions = {}) {
    const outcomes: RecordOutcome<K>[] = [];
    for (const part of partsWithoutRepeats(rows, MOST, (row) => keyWithCustomer(kind, row))) {
      const write = async (tx: Tx) => {
        const written = await addPart(tx, kind, part, options);
        await options.inSameTransaction?.(tx, written, outcomes.length);
        return written;
      };
      outcomes.push(...(await withRetries(() => storage.transaction(write))));
    }
    return outcomes;
  }

  async function addPart<K extends RecordKind>(tx: Tx, kind: K, rows: RecordRows[K][], { importId }: UpsertOptions) {
    const plans = await planned(tx, kind, rows);
    const added = plans.filter((plan) => plan.outcome.outcome === 'added');
    const origin = { importId: importId ?? null, createdAt: context.now() };
    const records = added.map(({ customerId, fields, outcome }) => ({
      ...origin,
      id: outcome.id ?? '',
      customerId,
      fields,
    }));
    if (records.length > 0 && (await insertRecords(tx, kind, records)) !== records.length) {
      throw new Conflict('error.changed');
    }
    const updated = plans.filter((plan) => plan.outcome.outcome === 'updated');
    for (const { outcome, fields } of updated) await updateRecord(tx, kind, outcome.id ?? '', fields);
    await refreshAfter(
      context,
      tx,
      kind,
      [...added, ...updated].map(({ customerId }) => customerId),
    );
    return plans.map((plan) => plan.outcome);
  }

  async function planned<K extends RecordKind>(db: Db, kind: K, rows: RecordRows[K][]) {
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

  async function revertPart<K extends RecordKind>(
    tx: Tx,
    kind: K,
    entries: Parameters<Customers['revertRecords']>[2],
  ): Promise<('undone' | 'kept')[]> {
    const found = await findRecords(
      tx,
      kind,
      entries.map(({ id }) => id),
    );
    const current = new Map(found.map((each) => [each.id, each]));
    const untouched = entries.filter(({ id, after }) => sameRecord(current.get(id), after));
    const removed = untouched.filter(({ before }) => before === null).map(({ id }) => id);
    if (removed.length > 0) await deleteRecords(tx, kind, removed);
    for (const { id, before } of untouched)
      if (before) await updateRecord(tx, kind, id, before as unknown as Fields<K>);
    await refreshAfter(
      context,
      tx,
      kind,
      untouched.map(({ id }) => current.get(id)?.customerId ?? ''),
    );
    const ids = new Set(untouched.map(({ id }) => id));
    return entries.map(({ id }) => (ids.has(id) ? 'undone' : 'kept'));
  }

  return {
    addPurchases: (_actor, rows, options) => add('purchases', rows, options),
    addInvoices: (_actor, rows, options) => add('invoices', rows, options),
    addDealings: (_actor, rows, options) => add('dealings', rows, options),

    async previewRecords(kind, rows) {
      return (await planned(storage.read, kind, rows)).map(({ outcome }) => outcome.outcome);
    },

    async revertRecords(_actor, kind, entries, options = {}) {
      const outcomes: ('undone' | 'kept')[] = [];
      for (const part of partsWithoutRepeats(entries, MOST, ({ id }) => id)) {
        const revert = async (tx: Tx) => {
          const reverted = await revertPart(tx, kind, part);
          await options.inSameTransaction?.(tx, reverted, outcomes.length);
          return reverted;
        };
        outcomes.push(...(await storage.transaction(revert)));
      }
      return outcomes;
    },

    async records(kind, customerId, after, limit) {
      const rows = await recordsBefore(storage.read, kind, customerId, beyond(after), limit + 1);
      return page(rows, limit, (record) => cursorOf({ at: dayOf(record), id: record.id }));
    },

    async habits(customerId) {
      const { timeZone } = await context.company();
      const today = dayIn(timeZone, context.clock.now());
      const days = await purchaseDays(storage.read, customerId, MOST_DAYS);
      return { usualGapDays: usualGap(days), overdue: await overdueInvoices(storage.read, customerId, today) };
    },

    buyingDays,
    purchasesSince,

    worths: worthsOf,

    async refreshWorth(tx, ids) {
      for (let from = 0; from < ids.length; from += MOST) await refreshWorth(tx, ids.slice(from, from + MOST));
    },
  };
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
