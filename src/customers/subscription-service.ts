import { accountOf } from '../shared/actor.ts';
import { Conflict } from '../shared/errors.ts';
import type { Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import type { RefusalTopic } from './customer.ts';
import type { Customers } from './interface.ts';
import { keptFor } from './merge-store.ts';
import { presentCustomer } from './present-customer.ts';
import {
  deleteRefusals,
  insertRefusal,
  insertResubscription,
  markSubscribed,
  markUnsubscribed,
} from './subscription-store.ts';

type Subscribing = Pick<Customers, 'unsubscribe' | 'unsubscribeByHand' | 'resubscribeByHand' | 'refuse'>;

/** Whether customers may be written to: what they refuse, and what colleagues note for them. */
export function createSubscribing(context: Context): Subscribing {
  const { storage, audit } = context;
  return {
    unsubscribe: (tx, customerId, how, accountId = null) => unsubscribe(context, tx, customerId, how, accountId),

    refuse: (tx, customerId, topic, how) => refuse(context, tx, customerId, topic, how),

    async unsubscribeByHand(actor, customerId, how) {
      await storage.transaction(async (tx) => {
        await presentCustomer(tx, customerId);
        // No account stands behind a program: its part in it belongs to the how.
        const said = actor.kind === 'token' ? `${how}.interface` : how;
        await unsubscribe(context, tx, customerId, said, accountOf(actor));
        await audit(tx, actor, 'customers.unsubscribed', { kind: 'customer', id: customerId });
      });
    },

    async resubscribeByHand(actor, customerId, { how, reason }) {
      await storage.transaction(async (tx) => {
        await presentCustomer(tx, customerId);
        const refused = await deleteRefusals(tx, customerId);
        if (!(await markSubscribed(tx, customerId)) && !refused) throw new Conflict('customers.error.notUnsubscribed');
        await noteResubscription(context, tx, { customerId, accountId: accountOf(actor), how, reason });
        await audit(tx, actor, 'customers.resubscribed', { kind: 'customer', id: customerId }, { how });
        await context.changed(tx, [customerId]);
      });
    },
  };
}

async function unsubscribe(context: Context, tx: Tx, id: string, how: string, accountId: string | null) {
  const customerId = await standingFor(tx, id);
  if (!(await markUnsubscribed(tx, customerId, context.now(), how))) return false;
  await context.recordEvents(tx, [{ customerId, kind: 'customers.unsubscribed', accountId, detail: { how } }]);
  for (const hook of context.hooks.unsubscribed) await hook(tx, [customerId]);
  return true;
}

/** Letters that were sent to a record which was merged since lead here, too. */
const standingFor = async (tx: Tx, id: string): Promise<string> => (await keptFor(tx, id)) ?? id;

async function refuse(context: Context, tx: Tx, id: string, topic: RefusalTopic, how: string) {
  const customerId = await standingFor(tx, id);
  if (!(await insertRefusal(tx, { customer_id: customerId, topic, since: context.now(), how }))) return false;
  const event = { kind: `customers.refused.${topic}`, accountId: null, detail: { how } };
  await context.recordEvents(tx, [{ customerId, ...event }]);
  if (topic === 'surveys') for (const hook of context.hooks.unsubscribed) await hook(tx, [customerId]);
  return true;
}

async function noteResubscription(
  context: Context,
  tx: Tx,
  { customerId, accountId, how, reason }: { customerId: string; accountId: string | null; how: string; reason: string },
): Promise<void> {
  const row = { id: context.id(), customer_id: customerId, at: context.now(), account_id: accountId, how, reason };
  await insertResubscription(tx, row);
  await context.recordEvents(tx, [{ customerId, kind: 'customers.resubscribed', accountId, detail: { how } }]);
}
