import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import { page, type Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import { cardsToWrite, moveGreetings, saveWay, type GreetingRow } from './anniversary-store.ts';
import type { Enclosing } from './enclosing.ts';
import type { Anniversaries } from './interface.ts';
import { hindrances } from './standing.ts';

const A_PAGE = 30;

/** The cards that colleagues write, and how a customer would rather be greeted. */
export function createCards(
  deps: LoyaltyDeps,
  enclosing: Enclosing,
): Pick<Anniversaries, 'pile' | 'markWritten' | 'leaveOut' | 'prefer'> {
  const { storage, clock, accounts, customers } = deps;
  const now = () => timestamp(clock);

  return {
    async pile(cursor) {
      const [, onDay, id] = /^(\d{4}-\d{2}-\d{2}) ([0-9a-f-]{36})$/.exec(cursor ?? '') ?? [];
      const after = onDay !== undefined && id !== undefined ? { onDay, id } : null;
      const { rows, next } = page(await cardsToWrite(storage.read, after, A_PAGE + 1), A_PAGE, placeOf);
      const ids = [...new Set(rows.map((row) => row.customer_id))];
      const against = await hindrances(deps, storage.read, ids);
      return { rows: rows.map((row) => ({ ...row, hindrance: against.get(row.customer_id) ?? null })), next };
    },
    async markWritten(actor, ids) {
      return await storage.transaction(async (tx) => {
        const done = { state: 'written' as const, settled_at: now(), account_id: accountOf(actor) };
        const written = await moveGreetings(tx, ids, ['to_write'], done);
        if (written.length === 0) throw new Conflict('attentions.error.written');
        await customers.recordEvents(tx, written.map(eventOf(accountOf(actor))));
        await accounts.audit(tx, actor, 'attentions.written', { kind: 'greeting' }, { count: written.length });
        return written.length;
      });
    },
    async leaveOut(actor, id, reason) {
      await storage.transaction(async (tx) => {
        const left = { state: 'left_out' as const, settled_at: now(), account_id: accountOf(actor), reason };
        const [card] = await moveGreetings(tx, [id], ['to_write'], left);
        if (!card) throw new Conflict('attentions.error.written');
        await neverLeft(deps, enclosing, tx, [card]);
        await customers.recordEvents(tx, [
          { customerId: card.customer_id, kind: 'attentions.leftOut', subjectId: id, accountId: accountOf(actor) },
        ]);
        await accounts.audit(tx, actor, 'attentions.leftOut', { kind: 'greeting', id });
      });
    },
    async prefer(actor, customerId, way) {
      await storage.transaction(async (tx) => {
        await saveWay(tx, { customer_id: customerId, way, account_id: accountOf(actor), at: now() });
        await customers.recordEvents(tx, [
          { customerId, kind: `attentions.prefer.${way}`, accountId: accountOf(actor) },
        ]);
        await accounts.audit(tx, actor, `attentions.prefer.${way}`, { kind: 'customer', id: customerId });
      });
    },
  };
}

/** Cards that never left count against no budget, and what came with them is nobody's. */
export async function neverLeft(
  { invitations }: Pick<LoyaltyDeps, 'invitations'>,
  enclosing: Enclosing,
  tx: Tx,
  cards: GreetingRow[],
): Promise<void> {
  if (cards.length === 0) return;
  const ids = cards.map(({ id }) => id);
  await invitations.contacts.release(tx, ids);
  await enclosing.withdraw(tx, cards);
}

const placeOf = ({ on_day, id }: GreetingRow): string => `${on_day} ${id}`;

const eventOf = (accountId: string | null) => (row: GreetingRow) => ({
  customerId: row.customer_id,
  kind: `attentions.${row.way === 'post' ? 'carded' : 'greeted'}`,
  subjectId: row.id,
  accountId,
  detail: { count: row.years },
});
