import { accountOf } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import { Conflict } from '../../shared/errors.ts';
import { page, type Db, type Hooks, type Tx } from '../../storage/index.ts';
import type { LoyaltyDeps } from '../deps.ts';
import {
  cardsToWrite,
  findGreetings,
  moveGreetings,
  postedCards,
  saveWay,
  type GreetingRow,
} from './anniversary-store.ts';
import type { Enclosing } from './enclosing.ts';
import type { Anniversaries } from './interface.ts';
import { hindrances } from './standing.ts';

const A_PAGE = 30;
/** Whoever ticked wrongly sees it within so many days. */
const BACK_DAYS = 14;
const MOST_POSTED = 60;

/** The cards that colleagues write, and how a customer would rather be greeted. */
export function createCards(
  deps: LoyaltyDeps,
  enclosing: Enclosing,
  moved: Hooks<GreetingRow>,
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
        for (const card of written) await moved.tell(tx, card);
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
        await moved.tell(tx, card);
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

/** Cards that were noted as posted by mistake. */
export function createTakingBack(
  deps: LoyaltyDeps,
  moved: Hooks<GreetingRow>,
): Pick<Anniversaries, 'posted' | 'takeBack'> {
  const { storage, clock, accounts, customers } = deps;
  return {
    async posted() {
      const today = dayIn((await accounts.company()).timeZone, clock.now());
      const rows = await postedCards(storage.read, addDays(today, -BACK_DAYS), MOST_POSTED);
      const known = await stillThere(deps, storage.read, rows);
      return rows.filter(({ customer_id: id }) => known.has(id));
    },
    async takeBack(actor, ids) {
      return await storage.transaction(async (tx) => {
        const cards = await findGreetings(tx, ids);
        const known = await stillThere(deps, tx, cards);
        const theirs = cards.filter(({ customer_id: id }) => known.has(id)).map(({ id }) => id);
        const back = { state: 'to_write' as const, settled_at: null, account_id: null };
        const taken = await moveGreetings(tx, theirs, ['written'], back);
        if (taken.length === 0) throw new Conflict('attentions.error.notPosted');
        const event = { kind: 'attentions.notPosted', accountId: accountOf(actor) };
        const events = taken.map((row) => ({ customerId: row.customer_id, subjectId: row.id, ...event }));
        await customers.recordEvents(tx, events);
        await accounts.audit(tx, actor, 'attentions.notPosted', { kind: 'greeting' }, { count: taken.length });
        for (const card of taken) await moved.tell(tx, card);
        return taken.length;
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

/** Nobody writes to whoever was erased meanwhile. */
async function stillThere({ customers }: Pick<LoyaltyDeps, 'customers'>, db: Db, cards: GreetingRow[]) {
  const people = await customers.findMany(db, [...new Set(cards.map((card) => card.customer_id))]);
  return new Set([...people.values()].filter(({ erasedAt }) => erasedAt === null).map(({ id }) => id));
}

const placeOf = ({ on_day, id }: GreetingRow): string => `${on_day} ${id}`;

const eventOf = (accountId: string | null) => (row: GreetingRow) => ({
  customerId: row.customer_id,
  kind: `attentions.${row.way === 'post' ? 'carded' : 'greeted'}`,
  subjectId: row.id,
  accountId,
  detail: { count: row.years },
});
