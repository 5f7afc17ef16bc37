import { dayIn } from '../../shared/dates.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { InsightDeps } from '../deps.ts';
import type { Counted, Rollup } from '../rollups.ts';
import { createCounting, type Calendar } from './counting.ts';
import { customersAfter, recordsOf, replaceGroups } from './survival-store.ts';

const SLICE = 200;

interface Content {
  /** From then on leavings are on record: a plain date. */
  watchedFrom: string;
  calendar: Calendar;
}

/** What was counted last; before the first time nothing, as of today. */
export interface LastCounted extends Content {
  countedOn: string | null;
  countedAt: string | null;
  today: string;
}

/** Counts all customers, a slice at a time; undefined where another process has taken over. */
export async function countAll(
  { storage, accounts }: InsightDeps,
  today: string,
  goesOn: () => Promise<boolean>,
): Promise<Counted | undefined> {
  const { read } = storage;
  const records = await recordsOf(read);
  const { currency } = await accounts.company();
  const counting = createCounting(records ?? { begun: today, watchedFrom: today }, today, currency);
  for (let after = ''; ;) {
    const { rows, last } = await customersAfter(read, after, SLICE);
    for (const row of rows) counting.add(row);
    if (last === undefined) break;
    after = last;
    if (!(await goesOn())) return undefined;
    await othersFirst();
  }
  const content: Content = { watchedFrom: records?.watchedFrom ?? today, calendar: counting.calendar() };
  return { save: (tx) => replaceGroups(tx, counting.groups()), content: JSON.stringify(content) };
}

export async function lastCounted({ accounts, clock }: InsightDeps, rollup: Rollup): Promise<LastCounted> {
  const state = await rollup.state();
  const today = dayIn((await accounts.company()).timeZone, clock.now());
  const content = state ? (JSON.parse(state.content) as Content) : { watchedFrom: today, calendar: [] };
  return { ...content, countedOn: state?.day ?? null, countedAt: state?.computed_at ?? null, today };
}
