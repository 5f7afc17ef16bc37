import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { addDays, addMinutes, dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createHooks, page, type Hooks, type Page, type Tx } from '../../storage/index.ts';
import type { Customer } from '../../customers/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { createRefresh } from './refreshing.ts';
import { SHOWN_DAYS } from './rules.ts';
import * as store from './store.ts';

export type { NeedRow, NudgeRow } from './store.ts';

export interface ListedNeeds extends Page<store.NeedRow> {
  people: Map<string, Customer>;
  /** Who came with the solution in this cycle, by customer. */
  nudges: Map<string, store.NudgeRow>;
}

export interface NextNeeds {
  /** Who usually buys again about now; `contact` null: everybody's. The cursor is 'DAY ID'. */
  list(view: 'due' | 'done', contact: string | null, cursor: string | null): Promise<ListedNeeds>;
  of(customerId: string): Promise<{ need: store.NeedRow | undefined; nudge: store.NudgeRow | undefined }>;
  /** A colleague came with the solution. @throws Conflict where somebody did already before they bought again */
  nudge(actor: Actor, customerId: string, note: string): Promise<void>;
  /** In the last twelve months. */
  figures(): Promise<{ nudged: number; bought: number }>;
  /** For the customers' news. */
  onCustomersChanged(tx: Tx, customerIds: string[]): Promise<void>;
  nudged(db: Tx, customerIds: string[]): Promise<string[]>;
  /** Tells whose day has come since. @returns of how many */
  notice(): Promise<number>;
  /** Runs in the same transaction on the day from which a colleague may come with it: of each once until they buy again. */
  onNoticed: Hooks<store.NeedRow[]>['on'];
  /** ... and when a colleague came with the solution. */
  onNudged: Hooks<store.NudgeRow>['on'];
}

const A_PAGE = 50;
const AT_ONCE = 200;
const YEAR_MINUTES = 365 * 24 * 60;

/** What customers usually need next, from their own rhythm, so that somebody can come with it before they have to ask. */
export function createNextNeeds(
  deps: Pick<RecoveryDeps, 'storage' | 'clock' | 'accounts' | 'customers' | 'invitations'>,
): NextNeeds {
  const { storage, clock, accounts, customers } = deps;
  const { read } = storage;
  const [noticed, nudged] = [createHooks<store.NeedRow[]>(), createHooks<store.NudgeRow>()];
  const refresh = createRefresh(deps);
  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());

  return {
    async list(view, contact, cursor) {
      const to = await today();
      const parts = /^(\d{4}-\d{2}-\d{2}) ([0-9a-f-]{36})$/.exec(cursor ?? '');
      const after = parts ? { day: parts[1] ?? '', id: parts[2] ?? '' } : null;
      const window = { from: addDays(to, -SHOWN_DAYS), to, contact, after, limit: A_PAGE + 1 };
      const rows = await store.listNeeds(read, { ...window, nudged: view === 'due' ? 0 : 1 });
      const list = page(rows, A_PAGE, (row) => `${row.ask_from} ${row.customer_id}`);
      const ids = list.rows.map((row) => row.customer_id);
      const people = await customers.findMany(read, ids);
      const cycles = new Set(list.rows.map((row) => `${row.customer_id} ${row.last_on}`));
      const nudges = (view === 'done' ? await store.nudgesOf(read, ids) : [])
        .filter((nudge) => cycles.has(`${nudge.customer_id} ${nudge.cycle_on}`))
        .map((nudge) => [nudge.customer_id, nudge] as const);
      return { ...list, people, nudges: new Map(nudges) };
    },
    async of(customerId) {
      return { need: await store.findNeed(read, customerId), nudge: await store.lastNudge(read, customerId) };
    },
    async nudge(actor, customerId, note) {
      await storage.transaction(async (tx) => {
        const need = await store.findNeed(tx, customerId);
        const customer = need && (await customers.find(customerId, tx));
        if (!customer) throw new NotFound();
        const row = { id: newId(clock), customer_id: customerId, cycle_on: need.last_on, account_id: accountOf(actor) };
        const fresh = { ...row, at: timestamp(clock), note, bought_on: null, amount_minor: null };
        if (!(await store.insertNudge(tx, fresh))) throw new Conflict('needs.error.done');
        await store.markNudged(tx, customerId, need.last_on);
        await deps.invitations.contacts.record(tx, 'service', [{ id: row.id, customer }], timestamp(clock));
        const event = { customerId, kind: 'needs.nudged', accountId: accountOf(actor), subjectId: row.id };
        await customers.recordEvents(tx, [event]);
        await accounts.audit(tx, actor, 'needs.nudged', { kind: 'customer', id: customerId });
        await nudged.tell(tx, fresh);
      });
    },
    figures: () => store.countNudges(read, addMinutes(timestamp(clock), -YEAR_MINUTES)),
    async onCustomersChanged(tx, customerIds) {
      for (let from = 0; from < customerIds.length; from += AT_ONCE)
        await refresh(tx, customerIds.slice(from, from + AT_ONCE));
    },
    async notice() {
      const to = await today();
      // Read first, so that a pass with nothing to tell writes nothing.
      const due = await store.unnoticed(read, addDays(to, -SHOWN_DAYS), to, AT_ONCE);
      if (due.length === 0) return 0;
      return await storage.transaction(async (tx) => {
        const needs = await store.takeUnnoticed(tx, due, to);
        if (needs.length > 0) await noticed.tell(tx, needs);
        return needs.length;
      });
    },
    nudged: store.everNudged,
    onNoticed: noticed.on,
    onNudged: nudged.on,
  };
}
