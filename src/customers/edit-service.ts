import { accountOf, type Actor } from '../shared/actor.ts';
import { Conflict, NotFound, type FieldErrors, type Result } from '../shared/errors.ts';
import { isId } from '../shared/ids.ts';
import type { Tx } from '../storage/index.ts';
import { eventsOfChange, type Context } from './context.ts';
import type { Customer, CustomerFields, RefusalTopic } from './customer.ts';
import { findCustomers, insertCustomer, replaceTags, updateCustomer } from './customer-store.ts';
import type { Customers } from './interface.ts';
import { applyRow, changedFields, fieldsOf } from './row-rules.ts';
import {
  deleteRefusals,
  insertRefusal,
  insertResubscription,
  markSubscribed,
  markUnsubscribed,
} from './subscription-store.ts';

type Editing = Pick<
  Customers,
  | 'create'
  | 'update'
  | 'markLeft'
  | 'markActive'
  | 'markReturned'
  | 'setTags'
  | 'unsubscribe'
  | 'unsubscribeByHand'
  | 'resubscribeByHand'
  | 'refuse'
  | 'noteExport'
>;

const TAKEN: FieldErrors = { reference: { key: 'customers.error.referenceTaken' } };

/** Changes that people make, one customer at a time. */
export function createEditing(context: Context): Editing {
  const { storage, audit, recordEvents, changed, hooks, now } = context;

  async function loaded(tx: Tx, id: string): Promise<Customer> {
    const [customer] = await findCustomers(tx, 'id', [id]);
    if (!customer || customer.erasedAt !== null) throw new NotFound();
    return customer;
  }

  async function change(
    actor: Actor,
    id: string,
    rowOf: (before: Customer) => Partial<CustomerFields>,
  ): Promise<Result<Customer>> {
    if (!isId(id)) throw new NotFound();
    const defaults = await context.defaults();
    return await storage.transaction(async (tx) => {
      const before = await loaded(tx, id);
      const fields = applyRow(fieldsOf(before), { reference: before.reference, ...rowOf(before) }, defaults);
      const names = changedFields(fieldsOf(before), fields);
      if (names.length === 0) return { ok: true, value: before };
      if (names.includes('reference') && (await findCustomers(tx, 'reference', [fields.reference])).length > 0) {
        return { ok: false, errors: TAKEN };
      }
      if (!(await updateCustomer(tx, { id, fields, revision: before.revision + 1 }, now()))) {
        throw new Conflict('error.changed');
      }
      if (names.includes('tags')) await replaceTags(tx, [{ id, tags: fields.tags }]);
      await recordEvents(tx, eventsOfChange({ customerId: id, accountId: accountOf(actor) }, before, fields, names));
      await audit(tx, actor, 'customers.updated', { kind: 'customer', id }, { fields: names });
      await changed(tx, [id]);
      return { ok: true, value: await loaded(tx, id) };
    });
  }

  async function unsubscribe(tx: Tx, customerId: string, how: string, accountId: string | null = null) {
    if (!(await markUnsubscribed(tx, customerId, now(), how))) return false;
    await recordEvents(tx, [{ customerId, kind: 'customers.unsubscribed', accountId, detail: { how } }]);
    for (const hook of hooks.unsubscribed) await hook(tx, [customerId]);
    return true;
  }

  async function refuse(tx: Tx, customerId: string, topic: RefusalTopic, how: string) {
    if (!(await insertRefusal(tx, { customer_id: customerId, topic, since: now(), how }))) return false;
    const event = { kind: `customers.refused.${topic}`, accountId: null, detail: { how } };
    await recordEvents(tx, [{ customerId, ...event }]);
    if (topic === 'surveys') for (const hook of hooks.unsubscribed) await hook(tx, [customerId]);
    return true;
  }

  return {
    async create(actor, given) {
      const id = context.id();
      const reference = given.reference || madeUpReference(id);
      const fields = applyRow(undefined, { ...given, reference }, await context.defaults());
      return await storage.transaction(async (tx) => {
        if (!(await insertCustomer(tx, { id, fields, revision: 1 }, now()))) return { ok: false, errors: TAKEN };
        await replaceTags(tx, [{ id, tags: fields.tags }]);
        await recordEvents(tx, eventsOfChange({ customerId: id, accountId: accountOf(actor) }, undefined, fields, []));
        await audit(tx, actor, 'customers.added', { kind: 'customer', id });
        await changed(tx, [id]);
        return { ok: true, value: await loaded(tx, id) };
      });
    },

    update: (actor, id, revision, fields) =>
      change(actor, id, (before) => {
        if (before.revision !== revision) throw new Conflict('error.changed');
        return fields;
      }),

    async markLeft(actor, id, on) {
      await change(actor, id, ({ status }) => {
        if (status === 'left') throw new Conflict('customers.error.alreadyLeft');
        return { status: 'left', leftOn: on };
      });
    },

    async markActive(actor, id) {
      await change(actor, id, ({ status }) => {
        if (status === 'active') throw new Conflict('customers.error.notLeft');
        return { status: 'active', leftOn: null };
      });
    },

    async markReturned(tx, actor, id) {
      const [before] = await findCustomers(tx, 'id', [id]);
      if (!before || before.erasedAt !== null || before.status !== 'left') return false;
      const fields: CustomerFields = { ...fieldsOf(before), status: 'active', leftOn: null };
      if (!(await updateCustomer(tx, { id, fields, revision: before.revision + 1 }, now()))) {
        throw new Conflict('error.changed');
      }
      const event = { customerId: id, accountId: accountOf(actor) };
      await recordEvents(tx, eventsOfChange(event, before, fields, ['status', 'leftOn']));
      await audit(tx, actor, 'customers.updated', { kind: 'customer', id }, { fields: ['status', 'leftOn'] });
      await changed(tx, [id]);
      return true;
    },

    async setTags(actor, id, tags) {
      await change(actor, id, () => ({ tags }));
    },

    noteExport: (actor) => storage.transaction((tx) => audit(tx, actor, 'customers.exported', { kind: 'customer' })),

    unsubscribe,
    refuse,

    async unsubscribeByHand(actor, customerId, how) {
      if (!isId(customerId)) throw new NotFound();
      await storage.transaction(async (tx) => {
        await loaded(tx, customerId);
        await unsubscribe(tx, customerId, how, accountOf(actor));
        await audit(tx, actor, 'customers.unsubscribed', { kind: 'customer', id: customerId });
      });
    },

    async resubscribeByHand(actor, customerId, { how, reason }) {
      if (!isId(customerId)) throw new NotFound();
      await storage.transaction(async (tx) => {
        await loaded(tx, customerId);
        const refused = await deleteRefusals(tx, customerId);
        if (!(await markSubscribed(tx, customerId)) && !refused) throw new Conflict('customers.error.notUnsubscribed');
        const [id, accountId] = [context.id(), accountOf(actor)];
        await insertResubscription(tx, { id, customer_id: customerId, at: now(), account_id: accountId, how, reason });
        await recordEvents(tx, [{ customerId, kind: 'customers.resubscribed', accountId, detail: { how } }]);
        await audit(tx, actor, 'customers.resubscribed', { kind: 'customer', id: customerId }, { how });
        await changed(tx, [customerId]);
      });
    },
  };
}

/** For customers whom nobody gave a number: from the random end of their id. */
function madeUpReference(id: string): string {
  return `C-${id.slice(-8).toUpperCase()}`;
}
