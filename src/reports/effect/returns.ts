import { addDays, daysBetween } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Storage } from '../../storage/index.ts';
import { stillThere, WINDOWS, type Window } from './rules.ts';
import * as store from './returns-store.ts';
import type { Bought, ReturnRow } from './returns-store.ts';

const SLICE = 50;

/** What became of everybody who came back, up to today, a slice at a time. */
export async function followReturns(storage: Storage, today: string, goesOn: () => Promise<boolean>): Promise<boolean> {
  let after = { customerId: '', leftOn: '' };
  for (;;) {
    const rows = await store.returnsAfter(storage.read, after, SLICE);
    const last = rows.at(-1);
    if (!last) return true;
    const changed = (await followed(storage, rows, today)).filter((row, i) => !isSame(row, rows[i]));
    if (changed.length > 0)
      await storage.backgroundTransaction(async (tx) => {
        for (const row of changed) await store.updateReturn(tx, row);
      });
    after = { customerId: last.customer_id, leftOn: last.left_on };
    if (!(await goesOn())) return false;
    await othersFirst();
  }
}

async function followed({ read }: Storage, rows: ReturnRow[], today: string): Promise<ReturnRow[]> {
  const ids = [...new Set(rows.map((row) => row.customer_id))];
  const first = rows.reduce((day, row) => (row.returned_on < day ? row.returned_on : day), today);
  const bought = Map.groupBy(await store.purchasesOf(read, ids, first), ({ customerId }) => customerId);
  const left = await store.daysOfLeaving(read, ids);
  return rows.map((row, i) => {
    const next = rows[i + 1];
    const again = next?.customer_id === row.customer_id ? next.left_on : left.get(row.customer_id);
    const leftAgainOn = again !== undefined && again > row.returned_on && again <= today ? again : null;
    return lifetime(row, bought.get(row.customer_id) ?? [], leftAgainOn, today);
  });
}

/** A second lifetime, from the purchase with which they came back to the day they left again, or today. */
function lifetime(row: ReturnRow, bought: Bought[], leftAgainOn: string | null, today: string): ReturnRow {
  const end = leftAgainOn ?? today;
  const own = bought.filter(({ on }) => on >= row.returned_on && on <= end);
  const againOn = own.find(({ on, minor }) => minor > 0 && on > row.returned_on)?.on ?? null;
  const kept = (days: Window) => {
    const by = addDays(row.returned_on, days);
    if (by >= today) return null;
    return stillThere({ returnedOn: row.returned_on, againOn, leftAgainOn }, by) ? 1 : 0;
  };
  const [kept_90, kept_180] = WINDOWS.map(kept);
  return {
    ...row,
    kept_90: kept_90 ?? null,
    kept_180: kept_180 ?? null,
    spent_minor: own.reduce((sum, { minor }) => sum + minor, 0),
    days: Math.max(0, daysBetween(row.returned_on, end)),
  };
}

const FOLLOWED = ['kept_90', 'kept_180', 'spent_minor', 'days'] as const;
const isSame = (row: ReturnRow, before: ReturnRow | undefined): boolean =>
  FOLLOWED.every((column) => row[column] === before?.[column]);
