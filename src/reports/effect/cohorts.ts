import { addDays } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Db } from '../../storage/index.ts';
import { drawsAfter, type CohortRow, type Draw } from './cohort-store.ts';

const SLICE = 100;

/**
 * Adds up all draws by programme, month, share of the holdout and arm, a slice at a time. Back is who bought within 90 (180)
 * days after the day of the draw; of whom that can be said only once all these days have passed.
 */
export async function countDraws(
  db: Db,
  today: string,
  goesOn: () => Promise<boolean>,
): Promise<CohortRow[] | undefined> {
  const cohorts = new Map<string, CohortRow>();
  let after = { programmeId: '', customerId: '' };
  for (;;) {
    const draws = await drawsAfter(db, after, SLICE);
    for (const draw of draws) add(cohorts, draw, today);
    const last = draws.at(-1);
    if (!last) return [...cohorts.values()];
    after = last;
    if (!(await goesOn())) return undefined;
    await othersFirst();
  }
}

function add(cohorts: Map<string, CohortRow>, draw: Draw, today: string): void {
  const { programmeId: programme_id, share, drawnOn } = draw;
  const [month, held_out] = [drawnOn.slice(0, 7), draw.heldOut ? 1 : 0];
  const key = `${programme_id} ${month} ${share} ${held_out}`;
  const empty = { drawn: 0, due_90: 0, back_90: 0, due_180: 0, back_180: 0 };
  const row = cohorts.get(key) ?? { programme_id, month, share, held_out, ...empty };
  cohorts.set(key, row);
  row.drawn++;
  const [in90, in180] = [within(draw, 90, today), within(draw, 180, today)];
  if (in90 !== undefined) row.due_90++;
  if (in90) row.back_90++;
  if (in180 !== undefined) row.due_180++;
  if (in180) row.back_180++;
}

/** Undefined while not all of these days have passed. */
function within({ drawnOn, boughtOn }: Draw, days: number, today: string): boolean | undefined {
  const last = addDays(drawnOn, days);
  return last >= today ? undefined : boughtOn !== null && boughtOn <= last;
}
