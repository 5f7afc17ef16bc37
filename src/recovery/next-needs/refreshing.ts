import type { CustomerOutline } from '../../customers/index.ts';
import { addDays, dayIn } from '../../shared/dates.ts';
import type { Tx } from '../../storage/index.ts';
import type { RecoveryDeps } from '../deps.ts';
import { LOOKED_BACK_DAYS, nextNeedOf } from './rules.ts';
import * as store from './store.ts';

type Deps = Pick<RecoveryDeps, 'clock' | 'customers'>;

/** Works out anew what these customers need next, and what came of reminding them. */
export function createRefresh({ clock, customers }: Deps): (tx: Tx, ids: string[]) => Promise<void> {
  async function needsOf(tx: Tx, ids: string[]): Promise<store.NeedRow[]> {
    const people = [...(await customers.outlines(tx, ids)).values()].filter(mayHear);
    const whose = people.map(({ id }) => id);
    const since = addDays(dayIn('UTC', clock.now()), -LOOKED_BACK_DAYS);
    const days = await customers.buyingDays(tx, whose, since);
    const rows = people.flatMap((customer) => rowOf(customer, days.get(customer.id) ?? []));
    const nudges = await store.nudgesOf(
      tx,
      rows.map((row) => row.customer_id),
    );
    const done = new Set(nudges.map((row) => `${row.customer_id} ${row.cycle_on}`));
    return rows.map((row) => ({ ...row, nudged: done.has(`${row.customer_id} ${row.last_on}`) ? 1 : 0 }));
  }

  /** The first purchase after somebody came with the solution is its result. */
  async function seeResults(tx: Tx, ids: string[]): Promise<void> {
    const open = await store.openNudges(tx, ids);
    if (open.length === 0) return;
    const whose = open.map((row) => row.customer_id);
    const first = open.reduce((day, row) => (row.cycle_on < day ? row.cycle_on : day), '9999-12-31');
    const bought = Map.groupBy(await customers.purchasesSince(tx, whose, first), ({ customerId }) => customerId);
    for (const row of open) {
      const result = firstBought(bought.get(row.customer_id) ?? [], row);
      if (result) await store.markBought(tx, row.id, result.day, result.amountMinor);
    }
  }

  return async (tx, ids) => {
    await store.replaceNeeds(tx, ids, await needsOf(tx, ids));
    await seeResults(tx, ids);
  };
}

/** Nobody is reminded of what they buy who does not want to hear from us, or has left. */
const mayHear = ({ status, erasedAt, unsubscribedAt }: CustomerOutline): boolean =>
  status === 'active' && erasedAt === null && unsubscribedAt === null;

function rowOf(customer: CustomerOutline, days: string[]): Omit<store.NeedRow, 'nudged'>[] {
  const need = nextNeedOf(days);
  if (!need) return [];
  const whose = { customer_id: customer.id, contact_account_id: customer.contactAccountId };
  const rhythm = { gap_days: need.gapDays, last_on: need.lastOn, expected_on: need.expectedOn };
  return [{ ...whose, ...rhythm, ask_from: need.askFrom, worth_minor: customer.worthMinor, noticed: 0 }];
}

/** What they bought on the first day, in their order, that came after the purchase which the nudge followed. */
function firstBought(
  purchases: { purchasedOn: string; amountMinor: number }[],
  { at, cycle_on }: store.NudgeRow,
): { day: string; amountMinor: number } | undefined {
  const since = at.slice(0, 10);
  const later = purchases.filter(({ purchasedOn }) => purchasedOn >= since && purchasedOn > cycle_on);
  const day = later[0]?.purchasedOn;
  if (day === undefined) return undefined;
  const thatDay = later.filter(({ purchasedOn }) => purchasedOn === day);
  return { day, amountMinor: thatDay.reduce((sum, each) => sum + each.amountMinor, 0) };
}
