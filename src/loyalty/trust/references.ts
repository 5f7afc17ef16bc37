import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createHooks, momentIn, page, type Db, type Tx } from '../../storage/index.ts';
import { standingsOf } from '../care.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { A_PAGE, audited, recorder } from './record.ts';
import type { Reference, ReferenceNews, Trust } from './interface.ts';
import * as store from './trust-store.ts';
import type { ReferenceRow } from './trust-store.ts';

/** Who may be asked about us, how often, and who was. */
export function createReferences(
  deps: LoyaltyDeps,
  yearAgo: () => string,
): Pick<Trust, 'beReference' | 'endReference' | 'onReference' | 'references' | 'use'> & {
  withUses(db: Db, rows: ReferenceRow[]): Promise<Reference[]>;
  endIn(tx: Tx, customerId: string, accountId: string | null): Promise<void>;
} {
  const { storage, clock, accounts } = deps;
  const now = () => timestamp(clock);
  const record = recorder(deps);
  const news = createHooks<ReferenceNews>();

  async function withUses(db: Db, rows: ReferenceRow[]): Promise<Reference[]> {
    const uses = await store.usesSince(
      db,
      rows.map((row) => row.customer_id),
      yearAgo(),
    );
    return rows.map((row) => ({ ...row, uses: uses.get(row.customer_id) ?? [] }));
  }

  async function endIn(tx: Tx, customerId: string, accountId: string | null): Promise<void> {
    const at = now();
    if (!(await store.endReference(tx, customerId, at))) return;
    await record(tx, customerId, 'noReference', { accountId });
    await audited(deps, tx, customerId, 'noReference', accountId);
    await news.tell(tx, { customerId, state: 'ended', at });
  }

  return {
    withUses,
    endIn,
    onReference: news.on,
    async beReference(customerId, ask, terms, accountId = null) {
      await storage.transaction(async (tx) => {
        const row = {
          customer_id: customerId,
          ...terms,
          since: now(),
          ended_at: null,
          noted_by: accountId,
          revision: 0,
        };
        await store.saveReference(tx, row);
        if (ask) await store.answerAsk(tx, ask.id, { answer: 'agreed', answered_at: now() });
        await record(tx, customerId, 'reference', { accountId });
        await audited(deps, tx, customerId, 'reference', accountId);
        await news.tell(tx, { customerId, state: 'standing', at: row.since });
      });
    },
    async endReference(customerId, accountId = null) {
      await storage.transaction((tx) => endIn(tx, customerId, accountId));
    },
    async references(cursor) {
      const after = momentIn(cursor);
      const rows = await store.standingReferences(storage.read, after && { since: after.at, id: after.id }, A_PAGE + 1);
      const { rows: kept, next } = page(rows, A_PAGE, (row) => `${row.since} ${row.customer_id}`);
      return { rows: await withUses(storage.read, kept), next };
    },
    async use(actor, customerId, revision, prospect) {
      await storage.transaction(async (tx) => {
        const reference = await store.findReference(tx, customerId);
        const used = (await store.usesSince(tx, [customerId], yearAgo())).get(customerId) ?? [];
        if (!reference || reference.ended_at !== null) throw new Conflict('attentions.error.noReference');
        if (used.length >= reference.a_year) throw new Conflict('attentions.error.often');
        const [standing] = await standingsOf(deps, tx, [customerId]);
        if (!standing || standing.talking) throw new Conflict('attentions.against.talking');
        if (!(await store.takeReference(tx, customerId, revision))) throw new Conflict('error.changed');
        const row = { id: newId(clock), customer_id: customerId, prospect, account_id: accountOf(actor), at: now() };
        await store.insertUse(tx, { ...row, thanked_at: null });
        await record(tx, customerId, 'used', { accountId: accountOf(actor), subjectId: row.id });
        await accounts.audit(tx, actor, 'attentions.used', { kind: 'customer', id: customerId });
      });
    },
  };
}
