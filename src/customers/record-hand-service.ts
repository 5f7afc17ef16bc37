import { Conflict, NotFound, type FieldErrors } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Db, Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import type { Customers } from './interface.ts';
import { refreshAfter } from './record-changes.ts';
import { columnKey, keyOf, sameRecord, seenMark } from './record-rules.ts';
import { deleteRecords, findByKeys, findRecords, insertRecords, replaceRecord, setPaid } from './record-store.ts';
import type { RecordKind, RecordRows, Records } from './records.ts';

type ByHand = Pick<Customers, 'record' | 'codeRemark' | 'addRecord' | 'editRecord' | 'removeRecord' | 'markPaid'>;

const SINGULAR: Record<RecordKind, string> = { purchases: 'purchase', invoices: 'invoice', dealings: 'dealing' };

/** Purchases, invoices and dealings as a colleague types them, one at a time. */
export function createRecordingByHand(context: Context): ByHand {
  const { storage, audit } = context;

  /** Where this customer has another one by that reference or number: what to say at its field. */
  async function taken<K extends RecordKind>(
    tx: Tx,
    kind: K,
    customerId: string,
    fields: Fields<K>,
    exceptId?: string,
  ) {
    const key = columnKey(fields);
    const known = key === null ? [] : await findByKeys(tx, kind, [customerId], [key]);
    const wanted = keyOf(kind, customerId, fields);
    const other = known.some((each) => each.id !== exceptId && keyOf(kind, customerId, each) === wanted);
    const errors: FieldErrors = { [kind === 'invoices' ? 'number' : 'reference']: TAKEN };
    return other ? errors : undefined;
  }

  return {
    addRecord: (actor, kind, customerId, fields) =>
      storage.transaction(async (tx) => {
        const errors = await taken(tx, kind, customerId, fields);
        if (errors) return { ok: false, errors };
        const id = context.id();
        const origin = { id, customerId, importId: null, createdAt: context.now() };
        if ((await insertRecords(tx, kind, [{ ...origin, fields }])) !== 1) throw new Conflict('error.changed');
        await audit(tx, actor, `customers.${kind}.added`, { kind: SINGULAR[kind], id });
        await refreshAfter(context, tx, kind, [customerId]);
        return { ok: true, value: id };
      }),

    record: (kind, customerId, id) => owned(storage.read, kind, customerId, id),

    async codeRemark(customerId, purchaseId) {
      const purchase = await owned(storage.read, 'purchases', customerId, purchaseId);
      const [remark] = (await context.offerCodes?.(storage.read, [purchase])) ?? [];
      return remark ?? null;
    },

    editRecord: (actor, kind, { customerId, id, seen }, fields) =>
      storage.transaction(async (tx) => {
        const before = await owned(tx, kind, customerId, id);
        if (seenMark(before) !== seen) throw new Conflict('error.changed');
        if (sameRecord(before, fields)) return { ok: true, value: id };
        const errors = await taken(tx, kind, customerId, fields, id);
        if (errors) return { ok: false, errors };
        if (!(await replaceRecord(tx, kind, before, fields))) throw new Conflict('error.changed');
        const changed = Object.keys(fields).filter((name) => !sameRecord(before, only(fields, name)));
        await audit(tx, actor, `customers.${kind}.changed`, { kind: SINGULAR[kind], id }, { fields: changed });
        await refreshAfter(context, tx, kind, [customerId]);
        return { ok: true, value: id };
      }),

    async removeRecord(actor, kind, customerId, id) {
      await storage.transaction(async (tx) => {
        await owned(tx, kind, customerId, id);
        await deleteRecords(tx, kind, [id]);
        await audit(tx, actor, `customers.${kind}.removed`, { kind: SINGULAR[kind], id });
        await refreshAfter(context, tx, kind, [customerId]);
      });
    },

    async markPaid(actor, customerId, invoiceId, on) {
      await storage.transaction(async (tx) => {
        await owned(tx, 'invoices', customerId, invoiceId);
        if (!(await setPaid(tx, invoiceId, on))) throw new Conflict('customers.error.alreadyPaid');
        await audit(tx, actor, 'customers.paid', { kind: 'invoice', id: invoiceId });
        await refreshAfter(context, tx, 'invoices', [customerId]);
      });
    },
  };
}

type Fields<K extends RecordKind> = Omit<RecordRows[K], 'customerReference'>;

const TAKEN = { key: 'customers.error.recordTaken' };

const only = (fields: object, name: string) => ({ [name]: (fields as Record<string, unknown>)[name] });

async function owned<K extends RecordKind>(db: Db, kind: K, customerId: string, id: string): Promise<Records[K]> {
  const [record] = isId(id) ? await findRecords(db, kind, [id]) : [];
  if (record?.customerId !== customerId) throw new NotFound();
  return record;
}
