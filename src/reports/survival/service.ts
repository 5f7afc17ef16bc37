import { setImmediate as nextTurn } from 'node:timers/promises';
import { dayIn } from '../../shared/dates.ts';
import type { Figure } from '../../retention/index.ts';
import type { Job } from '../../scheduler/index.ts';
import type { InsightDeps } from '../deps.ts';
import { chosenPeriod } from '../period-views.ts';
import { periodOf, type Period, type PeriodName } from '../rules.ts';
import { createRollup, type Counted } from '../rollups.ts';
import { churnBetween, churnByMonth, type MonthChurn, type PeriodChurn } from './calendar.ts';
import { compareGroups, type Comparison } from './comparing.ts';
import { createCounting, EVERYBODY, FIELDS, type Calendar, type Field, type Group } from './counting.ts';
import { churnOf, kaplanMeier, type Churn, type Curve } from './rules.ts';
import * as store from './survival-store.ts';

export type Survival = ReturnType<typeof createSurvival>;

export interface SurvivalQuery {
  period?: PeriodName | undefined;
  from?: string | undefined;
  to?: string | undefined;
  /** What two groups are told apart by, and their values; without a second one, all the others. */
  by?: Field | undefined;
  one?: string | undefined;
  other?: string | undefined;
}

/** Those who joined in one year. */
export interface CohortLine extends Churn {
  year: string;
  customers: number;
  /** Null where too few are known from their first day on. */
  curve: Curve | null;
  group: Group;
}

export interface SurvivalReport {
  /** The day it was counted on; null before the first time. */
  countedOn: string | null;
  countedAt: string | null;
  /** From then on leavings are on record. */
  watchedFrom: string;
  /** Whoever joined before that is followed from that day on. */
  churn: PeriodChurn;
  months: MonthChurn[];
  everybody: { group: Group; curve: Curve } | null;
  cohorts: CohortLine[];
  choices: { field: Field; values: { value: string; customers: number }[] }[];
  comparison: Comparison | null;
}

const SLICE = 1000;
const MONTHS = 24;
/** Of fewer customers nothing can be said. */
const LEAST = 10;

/** How long customers stay. */
export function createSurvival(deps: InsightDeps) {
  const { storage, clock, accounts } = deps;
  const { read } = storage;
  const rollup = createRollup(deps, 'survival', count);

  async function count(today: string, goesOn: () => Promise<boolean>): Promise<Counted | undefined> {
    const records = await store.recordsOf(read);
    const { currency } = await accounts.company();
    const counting = createCounting(records ?? { begun: today, watchedFrom: today }, today, currency);
    for (let after = ''; ;) {
      const { rows, last } = await store.customersAfter(read, after, SLICE);
      for (const row of rows) counting.add(row);
      if (last === undefined) break;
      after = last;
      if (!(await goesOn())) return undefined;
      await nextTurn();
    }
    const content: Content = { watchedFrom: records?.watchedFrom ?? today, calendar: counting.calendar() };
    return { save: (tx) => store.replaceGroups(tx, counting.groups()), content: JSON.stringify(content) };
  }

  async function counted() {
    const state = await rollup.state();
    const today = dayIn((await accounts.company()).timeZone, clock.now());
    const content = state ? (JSON.parse(state.content) as Content) : { watchedFrom: today, calendar: [] };
    return { ...content, countedOn: state?.day ?? null, countedAt: state?.computed_at ?? null, today };
  }

  async function cohorts(): Promise<CohortLine[]> {
    const years = (await store.listGroups(read)).filter(({ field }) => field === 'joined').toReversed();
    const lines: CohortLine[] = [];
    for (const { value, customers, leavers, days } of years.slice(0, YEARS_SHOWN)) {
      const group = await store.findGroup(read, 'joined', value);
      if (!group) continue;
      const curve = kaplanMeier(group.ticks);
      lines.push({ year: value, customers, ...churnOf(leavers, days), curve: curve.until > 0 ? curve : null, group });
    }
    return lines;
  }

  async function choices(): Promise<SurvivalReport['choices']> {
    const groups = (await store.listGroups(read)).filter(({ customers }) => customers >= LEAST);
    return FIELDS.map((field) => ({
      field,
      values: groups.filter((group) => group.field === field).map(({ value, customers }) => ({ value, customers })),
    })).filter(({ values }) => values.length > 0);
  }

  async function compared({ by, one, other }: SurvivalQuery): Promise<Comparison | null> {
    if (!by || !one || one === other) return null;
    // Somebody may have two tags: only with and without one are two groups.
    const second = by === 'tag' ? undefined : other;
    const [all, a] = [await store.findGroup(read, EVERYBODY, EVERYBODY), await store.findGroup(read, by, one)];
    const b = second ? await store.findGroup(read, by, second) : null;
    return all && a && b !== undefined ? compareGroups(by, { all, a, b }) : null;
  }

  async function report(query: SurvivalQuery): Promise<SurvivalReport> {
    const { calendar, watchedFrom, countedOn, countedAt, today } = await counted();
    const period = periodOf(chosenPeriod(query).period ?? '12m', today, { from: query.from, to: query.to });
    const group = await store.findGroup(read, EVERYBODY, EVERYBODY);
    return {
      countedOn,
      countedAt,
      watchedFrom,
      churn: churnBetween(calendar, within(period, watchedFrom, today)),
      months: churnByMonth(calendar, watchedFrom, today, MONTHS),
      everybody: group ? { group, curve: kaplanMeier(group.ticks) } : null,
      cohorts: await cohorts(),
      choices: await choices(),
      comparison: await compared(query),
    };
  }

  /** Both days included; days before leavings were on record, and days to come, do not count. */
  async function churn(period: Period): Promise<PeriodChurn> {
    const { calendar, watchedFrom, today } = await counted();
    return churnBetween(calendar, within(period, watchedFrom, today));
  }

  const jobs: Job[] = [rollup.job];
  return {
    jobs,
    refresh: rollup.refresh,
    report,
    churn,
    /** 1 - yearly churn: who would stay a year at the period's rate; of all who were customers in it. */
    retention: async (period: Period): Promise<Figure> => retentionOf(await churn(period)),
    /** The same of several periods, read at once. */
    async retentions(periods: Period[]): Promise<Figure[]> {
      const { calendar, watchedFrom, today } = await counted();
      return periods.map((period) => retentionOf(churnBetween(calendar, within(period, watchedFrom, today))));
    },
  };
}

function retentionOf({ retention, customers }: PeriodChurn): Figure {
  const { share = null, low = null, high = null } = retention ?? {};
  return { value: share, low, high, base: customers, unit: 'share' };
}

interface Content {
  watchedFrom: string;
  calendar: Calendar;
}

const YEARS_SHOWN = 12;

const within = ({ from, to }: Period, first: string, last: string): Period => ({
  from: from > first ? from : first,
  to: to < last ? to : last,
});
