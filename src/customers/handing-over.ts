import { accountOf, type Actor } from '../shared/actor.ts';
import type { Context } from './context.ts';
import { giveToContact, ofContact } from './handing-over-store.ts';
import type { Customers } from './interface.ts';

/** Few enough that whoever answers meanwhile does not wait. */
const AT_ONCE = 100;

/** Whom customers know, when somebody leaves. */
export function createHandingOver(context: Context): Pick<Customers, 'handOver'> {
  const { storage } = context;

  async function some(actor: Actor, from: string, to: string): Promise<number> {
    const names = new Map((await context.colleagues()).map(({ id, name }) => [id, name]));
    const detail = { from: names.get(from) ?? '', to: names.get(to) ?? '' };
    return await storage.transaction(async (tx) => {
      const ids = await ofContact(tx, from, AT_ONCE);
      if (ids.length === 0) return 0;
      await giveToContact(tx, ids, to, context.now());
      const event = { kind: 'customers.handedOver', accountId: accountOf(actor), detail };
      await context.recordEvents(
        tx,
        ids.map((customerId) => ({ customerId, ...event })),
      );
      await context.changed(tx, ids);
      return ids.length;
    });
  }

  return {
    async handOver(actor, from, to) {
      let count = 0;
      for (let more = AT_ONCE; more === AT_ONCE; count += more) more = await some(actor, from, to);
      const detail = { count };
      if (count > 0)
        await storage.transaction((tx) =>
          context.audit(tx, actor, 'customers.handedOver', { kind: 'account', id: from }, detail),
        );
      return count;
    },
  };
}
