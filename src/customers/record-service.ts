import type { Actor } from '../shared/actor.ts';
import { Conflict, NotFound } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import { page, type Tx } from '../storage/index.ts';
import { withRetries, type Context } from './context.ts';
import type { Customers, UpsertOptions } from './interface.ts';
import { beyond, cursorOf, dayOf } from './record-rules.ts';
import {
  deleteRecords,
  findByKeys,
  findRecords,
  idsByReference,
  insertRecords,
  recordsBefore,
  setPaid,
  updateRecord,
} from './record-store.ts';
import type { RecordKind, RecordOutcome, RecordRows, Records } from './records.ts';
import { partsWithoutRepeats } from './row-rules.ts';
import { refreshWorth } from './worth-store.ts';

type Recording = Pick<
  Customers,
  'addPurchases' | 'addInvoices' | 'addDealings' | 'revertRecords' | 'records' | 'markPaid' | 'refreshWorth'
>;

const MOST = 200;

type Fields<K extends RecordKind> = Omit<RecordRows[K], 'customerReference'>;

/** Purchases, invoices and dealings: they arrive in bulk, and purchases change what a customer is worth. */
export function createRecording(context: Context): Recording {
  const { storage, changed } = context;

  async function add<K extends RecordKind>(kind: K, rows: RecordRows[K][], options: UpsertOptions = {}) {
    const outcomes: RecordOutcome<K>[] = [];
    for (const part of partsWithoutRepeats(rows, MOST, (row) => keyWithCustomer(kind, row))) {
      outcomes.push(...(await withRetries(() => storage.transaction((tx) => addPart(tx, kind, part, options)))));
    }
    return outcomes;
  }

  async function addPart<K extends RecordKind>(tx: Tx, kind: K, rows: RecordRows[K][], { importId }: UpsertOptions) {
    const ids = await idsByReference(tx, [...new Set(rows.map((row) => row.customerReference))]);
    const plans = await planned(tx, kind, rows, ids);
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
    await afterwards(
      tx,
      kind,
      [...added, ...updated].map(({ customerId }) => customerId),
    );
    return plans.map((plan) => plan.outcome);
  }

  async function planned<K extends RecordKind>(tx: Tx, kind: K, rows: RecordRows[K][], ids: Map<string, string>) {
    const keys = rows.flatMap((row) => columnKey(row) ?? []);
    const existing = await findByKeys(tx, kind, [...ids.values()], keys);
    const known = new Map(existing.map((record) => [keyOf(kind, record.customerId, record), record]));
    return rows.map(({ customerReference, ...rest }) => {
      const fields = rest as Fields<K>;
      const customerId = ids.get(customerReference) ?? '';
      const record = columnKey(fields) === null ? undefined : known.get(keyOf(kind, customerId, fields));
      return { customerId, fields, outcome: outcomeOf(customerId, record, fields, context.id) };
    });
  }

  async function afterwards(tx: Tx, kind: RecordKind, customerIds: string[]): Promise<void> {
    const ids = [...new Set(customerIds)];
    if (kind !== 'purchases' || ids.length === 0) return;
    await refreshWorth(tx, ids);
    await changed(tx, ids);
  }

  return {
    addPurchases: (_actor, rows, options) => add('purchases', rows, options),
    addInvoices: (_actor, rows, options) => add('invoices', rows, options),
    addDealings: (_actor, rows, options) => add('dealings', rows, options),

    async revertRecords(_actor, kind, entries) {
      const outcomes: ('undone' | 'kept')[] = [];
      for (const part of partsWithoutRepeats(entries, MOST, ({ id }) => id)) {
        outcomes.push(
          ...(await storage.transaction(async (tx) => {
            const current = new Map(
              (
                await findRecords(
                  tx,
                  kind,
                  part.map(({ id }) => id),
                )
              ).map((each) => [each.id, each]),
            );
            const untouched = part.filter(({ id, after }) => sameRecord(current.get(id), after));
            const removed = untouched.filter(({ before }) => before === null).map(({ id }) => id);
            if (removed.length > 0) await deleteRecords(tx, kind, removed);
            for (const { id, before } of untouched)
              if (before) await updateRecord(tx, kind, id, before as unknown as Fields<typeof kind>);
            await afterwards(
              tx,
              kind,
              untouched.map(({ id }) => current.get(id)?.customerId ?? ''),
            );
            const ids = new Set(untouched.map(({ id }) => id));
            return part.map(({ id }) => (ids.has(id) ? ('undone' as const) : ('kept' as const)));
          })),
        );
      }
      return outcomes;
    },

    async records(kind, customerId, after, limit) {
      const rows = await recordsBefore(storage.read, kind, customerId, beyond(after), limit + 1);
      return page(rows, limit, (record) => cursorOf({ at: dayOf(record), id: record.id }));
    },

    async markPaid(actor: Actor, invoiceId, on) {
      if (!isId(invoiceId)) throw new NotFound();
      await storage.transaction(async (tx) => {
        const [invoice] = await findRecords(tx, 'invoices', [invoiceId]);
        if (!invoice) throw new NotFound();
        if (!(await setPaid(tx, invoiceId, on))) throw new Conflict('customers.error.alreadyPaid');
        await context.audit(tx, actor, 'invoice.paid', { kind: 'invoice', id: invoiceId });
      });
    },

    async refreshWorth(tx, ids) {
      for (let from = 0; from < ids.length; from += MOST) await refreshWorth(tx, ids.slice(from, from + MOST));
    },
  };
}

/** What the table keeps unique for a customer, or null for a row without a reference. */
function columnKey(row: object): string | null {
  const { reference, number } = row as { reference?: string; number?: string };
  return (number ?? reference) || null;
}

/** Two dealings of different kinds may share a reference. */
function keyOf(kind: RecordKind, customer: string, row: object): string {
  const { kind: dealing = '' } = row as { kind?: string };
  return [customer, kind, dealing, columnKey(row)].join('\0');
}

function keyWithCustomer<K extends RecordKind>(kind: K, row: RecordRows[K]): string | null {
  return columnKey(row) === null ? null : keyOf(kind, row.customerReference, row);
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

function sameRecord(record: object | undefined, fields: object): boolean {
  if (!record) return false;
  const known = record as Record<string, unknown>;
  return Object.entries(fields).every(([name, value]) => ['id', 'customerId'].includes(name) || known[name] === value);
}
