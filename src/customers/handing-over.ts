import { accountOf, type Actor } from '../shared/actor.ts';
import type { Context } from './context.ts';
import { giveToContact, ofContact } from './handing-over-store.ts';
import type { Customers } from './interface.ts';

/** Few enough that whoever answers meanwhile does not wait. */
const AT_ONCE = 100;

/** Whom customers know, when somebody leaves. */
export function createHandingOver(context: Context): Pick<Customers, 'handOver'> {
  const { storage } = context;

  /** @returns how many there were, and how many of them nobody else gave to somebody at the same moment */
  async function some(actor: Actor, from: string, to: string): Promise<{ found: number; given: number }> {
    const names = new Map((await context.colleagues()).map(({ id, name }) => [id, name]));
    const detail = { from: names.get(from) ?? '', to: names.get(to) ?? '' };
    return await storage.transaction(async (tx) => {
      const found = await ofContact(tx, from, AT_ONCE);
      const ids = await giveToContact(tx, found, { from, to }, context.now());
      if (ids.length === 0) return { found: found.length, given: 0 };
      const event = { kind: 'customers.handedOver', accountId: accountOf(actor), detail };
      await context.recordEvents(
        tx,
        ids.map((customerId) => ({ customerId, ...event })),
      );
      await context.changed(tx, ids);
      return { found: found.length, given: ids.length };
    });
  }

  return {
    async handOver(actor, from, to) {
      let count = 0;
      for (let more = true; more;) {
        const { found, given } = await some(actor, from, to);
        count += given;
        more = found === AT_ONCE;
      }
      const detail = { count };
      if (count > 0)
        await storage.transaction((tx) =>
          context.audit(tx, actor, 'customers.handedOver', { kind: 'account', id: from }, detail),
        );
      return count;
    },
  };
}
