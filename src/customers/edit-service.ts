import { accountOf, type Actor } from '../shared/actor.ts';
import { Conflict, type FieldErrors, type Result } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import { eventsOfChange, type Context } from './context.ts';
import type { Customer, CustomerFields } from './customer.ts';
import { findCustomers, insertCustomer, replaceTags, updateCustomer } from './customer-store.ts';
import { isCompared } from './duplicates/rules.ts';
import type { Customers } from './interface.ts';
import { presentCustomer } from './present-customer.ts';
import { applyRow, changedFields, fieldsOf } from './row-rules.ts';

type Editing = Pick<
  Customers,
  'create' | 'update' | 'markLeft' | 'markActive' | 'markReturned' | 'setTags' | 'noteExport'
>;

const TAKEN: FieldErrors = { reference: { key: 'customers.error.referenceTaken' } };

/** Changes that people make, one customer at a time. */
export function createEditing(context: Context): Editing {
  const { storage, audit } = context;
  return {
    create: (actor, given) => create(context, actor, given),

    update: (actor, id, revision, fields) =>
      change(context, actor, id, (before) => {
        if (before.revision !== revision) throw new Conflict('error.changed');
        return fields;
      }),

    async markLeft(actor, id, on) {
      await change(context, actor, id, ({ status }) => {
        if (status === 'left') throw new Conflict('customers.error.alreadyLeft');
        return { status: 'left', leftOn: on };
      });
    },

    async markActive(actor, id) {
      await change(context, actor, id, ({ status }) => {
        if (status === 'active') throw new Conflict('customers.error.notLeft');
        return { status: 'active', leftOn: null };
      });
    },

    markReturned: (tx, actor, id) => markReturned(context, tx, actor, id),

    async setTags(actor, id, tags) {
      await change(context, actor, id, () => ({ tags }));
    },

    noteExport: (actor) => storage.transaction((tx) => audit(tx, actor, 'customers.exported', { kind: 'customer' })),
  };
}

async function create(context: Context, actor: Actor, given: Partial<CustomerFields>): Promise<Result<Customer>> {
  const id = context.id();
  const reference = given.reference || madeUpReference(id);
  const fields = applyRow(undefined, { ...given, reference }, await context.defaults());
  return await context.storage.transaction(async (tx) => {
    if (!(await insertCustomer(tx, { id, fields, revision: 1 }, context.now()))) return { ok: false, errors: TAKEN };
    await replaceTags(tx, [{ id, tags: fields.tags }]);
    const event = { customerId: id, accountId: accountOf(actor) };
    await context.recordEvents(tx, eventsOfChange(event, undefined, fields, []));
    await context.audit(tx, actor, 'customers.added', { kind: 'customer', id });
    await context.compareAnew(tx, [id]);
    await context.changed(tx, [id]);
    return { ok: true, value: await presentCustomer(tx, id) };
  });
}

/** For customers whom nobody gave a number: from the random end of their id. */
function madeUpReference(id: string): string {
  return `C-${id.slice(-8).toUpperCase()}`;
}

/** Changes what `rowOf` says; errors where the reference is taken. Throws NotFound, and Conflict. */
async function change(
  context: Context,
  actor: Actor,
  id: string,
  rowOf: (before: Customer) => Partial<CustomerFields>,
): Promise<Result<Customer>> {
  const defaults = await context.defaults();
  return await context.storage.transaction(async (tx) => {
    const before = await presentCustomer(tx, id);
    const fields = applyRow(fieldsOf(before), { reference: before.reference, ...rowOf(before) }, defaults);
    const names = changedFields(fieldsOf(before), fields);
    if (names.length === 0) return { ok: true, value: before };
    if (names.includes('reference') && (await findCustomers(tx, 'reference', [fields.reference])).length > 0) {
      return { ok: false, errors: TAKEN };
    }
    await write(context, tx, actor, before, { fields, names });
    return { ok: true, value: await presentCustomer(tx, id) };
  });
}

/** Whether they had left. */
async function markReturned(context: Context, tx: Tx, actor: Actor, id: string): Promise<boolean> {
  const [before] = await findCustomers(tx, 'id', [id]);
  if (!before || before.erasedAt !== null || before.status !== 'left') return false;
  const fields: CustomerFields = { ...fieldsOf(before), status: 'active', leftOn: null };
  await write(context, tx, actor, before, { fields, names: ['status', 'leftOn'] });
  return true;
}

/** Writes what has changed, and tells everybody. Throws Conflict where somebody else was faster. */
async function write(
  context: Context,
  tx: Tx,
  actor: Actor,
  before: Customer,
  { fields, names }: { fields: CustomerFields; names: (keyof CustomerFields)[] },
): Promise<void> {
  const { id } = before;
  if (!(await updateCustomer(tx, { id, fields, revision: before.revision + 1 }, context.now()))) {
    throw new Conflict('error.changed');
  }
  if (names.includes('tags')) await replaceTags(tx, [{ id, tags: fields.tags }]);
  const event = { customerId: id, accountId: accountOf(actor) };
  await context.recordEvents(tx, eventsOfChange(event, before, fields, names));
  await context.audit(tx, actor, 'customers.updated', { kind: 'customer', id }, { fields: names });
  if (names.some(isCompared)) await context.compareAnew(tx, [id]);
  await context.changed(tx, [id]);
}
