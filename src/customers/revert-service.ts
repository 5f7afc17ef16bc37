import { accountOf, type Actor } from '../shared/actor.ts';
import type { Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import { findCustomers, replaceTags, updateCustomer } from './customer-store.ts';
import { deleteCustomers, forgetLeaving, idsWithRecords } from './removal-store.ts';
import { inParts } from './in-parts.ts';
import type { Customers, RevertEntry } from './interface.ts';
import { partsWithoutRepeats } from './row-rules.ts';

/** Small enough that a transaction takes some milliseconds and nobody waits behind it. */
const MOST = 100;

/** Takes back what an import did to customers, where nothing has happened since. */
export function createReverting(context: Context): Pick<Customers, 'revertMany'> {
  const { storage } = context;
  return {
    revertMany: (actor, entries, options = {}) => {
      const revert = (tx: Tx, part: RevertEntry[]) => revertPart(context, tx, actor, part);
      const parts = partsWithoutRepeats(entries, MOST, ({ id }) => id);
      return inParts((body) => storage.transaction(body), parts, revert, options.inSameTransaction);
    },
  };
}

async function revertPart(
  context: Context,
  tx: Tx,
  actor: Actor,
  entries: RevertEntry[],
): Promise<('undone' | 'kept')[]> {
  const ids = entries.map((entry) => entry.id);
  const revisions = new Map((await findCustomers(tx, 'id', ids)).map(({ id, revision }) => [id, revision]));
  const untouched = entries.filter(({ id, revisionAfter }) => revisions.get(id) === revisionAfter);
  const added = untouched.filter(({ before }) => before === null).map(({ id }) => id);
  const undone = new Set(await putBack(context, tx, actor, untouched));
  for (const id of await remove(context, tx, added)) undone.add(id);
  return ids.map((id) => (undone.has(id) ? 'undone' : 'kept'));
}

/** Changed customers as they were before. @returns who they are */
async function putBack(context: Context, tx: Tx, actor: Actor, entries: RevertEntry[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { id, before, revisionAfter } of entries) {
    if (before === null) continue;
    if (!(await updateCustomer(tx, { id, fields: before, revision: revisionAfter + 1 }, context.now()))) continue;
    await replaceTags(tx, [{ id, tags: before.tags }]);
    ids.push(id);
  }
  const event = { kind: 'customers.importUndone', accountId: accountOf(actor) };
  await context.recordEvents(
    tx,
    ids.map((customerId) => ({ ...event, customerId })),
  );
  await context.compareAnew(tx, ids);
  await context.changed(tx, ids);
  return ids;
}

/** Added customers about whom nobody keeps anything. @returns who they were */
async function remove(context: Context, tx: Tx, added: string[]): Promise<string[]> {
  if (added.length === 0) return [];
  const used = await idsWithRecords(tx, added);
  let ids = added.filter((id) => !used.has(id));
  for (const hook of context.hooks.removing) {
    const stay = new Set(ids.length > 0 ? await hook(tx, ids) : []);
    ids = ids.filter((id) => !stay.has(id));
  }
  // Whoever keeps something about those who left hears that these did not, and lets go of them.
  await forgetLeaving(tx, ids);
  await context.changed(tx, ids);
  await deleteCustomers(tx, ids);
  return ids;
}
