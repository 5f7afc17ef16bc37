import { accountOf, type Actor } from '../shared/actor.ts';
import { Conflict, type Result } from '../shared/errors.ts';
import { moveRows, type Tx } from '../storage/index.ts';
import type { Context } from './context.ts';
import { CUSTOMER_ROWS } from './customer-rows.ts';
import { updateCustomer } from './customer-store.ts';
import type { Customer } from './customer.ts';
import { deleteDifferent } from './duplicates/pair-store.ts';
import { joined } from './merge-rules.ts';
import type { Merged, MergingRecords } from './merging-interface.ts';
import { becomeName, keptFor, knownSince, lockedPair, renumber } from './merge-store.ts';
import { deleteRefusals, refusalsOf } from './subscription-store.ts';
import { refreshWorth } from './worth-store.ts';

/** What the records themselves say, and what hangs on them here; whoever merges takes care of the other features. */
export function createMergingRecords(context: Context): MergingRecords {
  return {
    keptFor: (id) => keptFor(context.storage.read, id),

    async pairOf(tx, { keptId, otherId, seen }) {
      if (keptId === otherId) throw new Conflict('merging.error.same');
      const found = await lockedPair(tx, [keptId, otherId]);
      const [kept, other] = [found.get(keptId), found.get(otherId)];
      if (!kept || !other || kept.erasedAt !== null || other.erasedAt !== null)
        throw new Conflict('merging.error.gone');
      if (kept.revision !== seen.kept || other.revision !== seen.other) throw new Conflict('merging.error.changed');
      return { kept, other };
    },

    async mergeRecords(tx, actor, { kept, other }, choices) {
      const { missing, fields } = joined(kept, other, choices);
      if (missing.length > 0) return missed(missing);
      await becomeName(tx, other.id, kept.id, context.now());
      if (!(await updateCustomer(tx, { id: kept.id, fields, revision: kept.revision + 1 }, context.now())))
        throw new Conflict('merging.error.changed');
      await knownSince(tx, kept.id, other.createdAt);
      const refused = (await refusalsOf(tx, other.id)).map(({ topic }) => topic);
      await deleteRefusals(tx, other.id);
      await deleteDifferent(tx, kept.id, other.id);
      await context.compareAnew(tx, [kept.id]);
      await carryOver(tx, other, kept.id);
      await note(context, tx, actor, kept, other);
      return { ok: true, value: { refused } };
    },

    carryOver,

    async quieten(tx, id) {
      for (const hook of context.hooks.unsubscribed) await hook(tx, [id]);
    },
  };
}

const missed = (parts: string[]): Result<Merged> => ({
  ok: false,
  errors: Object.fromEntries(parts.map((part) => [part, { key: 'merging.error.choose' }])),
});

async function carryOver(tx: Tx, other: Pick<Customer, 'id' | 'reference'>, keptId: string): Promise<void> {
  await renumber(tx, other.id, keptId, [other.reference, other.id]);
  await moveRows(tx, CUSTOMER_ROWS, other.id, keptId);
  await refreshWorth(tx, [keptId]);
}

/** Both timelines say it; what the other record said of itself stays with it, for whoever asks what is held on them. */
async function note(context: Context, tx: Tx, actor: Actor, kept: Customer, other: Customer): Promise<void> {
  const accountId = accountOf(actor);
  const { reference, status, leftOn, customerSince, segment, country, region, city, legalBasis, legalBasisOn } = other;
  const facts = { status, segment, country, region, city, legalBasis };
  const days = { leftOn: leftOn ?? '', customerSince: customerSince ?? '', legalBasisOn: legalBasisOn ?? '' };
  await context.recordEvents(tx, [
    { customerId: kept.id, kind: 'customers.merged', accountId, detail: { reference } },
    {
      customerId: other.id,
      kind: 'customers.mergedInto',
      accountId,
      detail: { reference: kept.reference, ...facts, ...days },
    },
  ]);
  await context.audit(tx, actor, 'customers.merged', { kind: 'customer', id: kept.id }, { otherId: other.id });
  await context.audit(tx, actor, 'customers.mergedInto', { kind: 'customer', id: other.id }, { keptId: kept.id });
}
