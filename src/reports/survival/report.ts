import type { Db } from '../../storage/index.ts';
import { chosenPeriod } from '../period-views.ts';
import { periodOf, type Period, type PeriodName } from '../rules.ts';
import { churnBetween, churnByMonth, type MonthChurn, type PeriodChurn } from './calendar.ts';
import { compareGroups, type Comparison } from './comparing.ts';
import type { LastCounted } from './counted.ts';
import { EVERYBODY, FIELDS, type Field, type Group } from './counting.ts';
import { churnOf, kaplanMeier, type Churn, type Curve } from './rules.ts';
import { findGroup, listGroups } from './survival-store.ts';

const MONTHS = 24;
const YEARS_SHOWN = 12;
/** Of fewer customers nothing can be said. */
const LEAST = 10;

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
interface CohortLine extends Churn {
  year: string;
  customers: number;
  /** Null where too few are known from their first day on. */
  curve: Curve | null;
  group: Group;
}

/** The same figures for the page and the CSV file. */
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

/** How long customers stay, from what was counted last. */
export async function survivalReport(db: Db, counted: LastCounted, query: SurvivalQuery): Promise<SurvivalReport> {
  const { calendar, watchedFrom, countedOn, countedAt, today } = counted;
  const period = periodOf(chosenPeriod(query).period ?? '12m', today, { from: query.from, to: query.to });
  const group = await findGroup(db, EVERYBODY, EVERYBODY);
  return {
    countedOn,
    countedAt,
    watchedFrom,
    churn: churnIn(counted, period),
    months: churnByMonth(calendar, watchedFrom, today, MONTHS),
    everybody: group ? { group, curve: kaplanMeier(group.ticks) } : null,
    cohorts: await cohortsIn(db),
    choices: await choicesIn(db),
    comparison: await comparisonIn(db, query),
  };
}

/** Both days included; days before leavings were on record, and days to come, do not count. */
export function churnIn({ calendar, watchedFrom, today }: LastCounted, { from, to }: Period): PeriodChurn {
  return churnBetween(calendar, { from: from > watchedFrom ? from : watchedFrom, to: to < today ? to : today });
}

async function cohortsIn(db: Db): Promise<CohortLine[]> {
  const years = (await listGroups(db)).filter(({ field }) => field === 'joined').toReversed();
  const lines: CohortLine[] = [];
  for (const { value, customers, leavers, days } of years.slice(0, YEARS_SHOWN)) {
    const group = await findGroup(db, 'joined', value);
    if (!group) continue;
    const curve = kaplanMeier(group.ticks);
    lines.push({ year: value, customers, ...churnOf(leavers, days), curve: curve.until > 0 ? curve : null, group });
  }
  return lines;
}

/** What groups can be told apart by. */
async function choicesIn(db: Db): Promise<SurvivalReport['choices']> {
  const groups = (await listGroups(db)).filter(({ customers }) => customers >= LEAST);
  return FIELDS.map((field) => ({
    field,
    values: groups.filter((group) => group.field === field).map(({ value, customers }) => ({ value, customers })),
  })).filter(({ values }) => values.length > 0);
}

async function comparisonIn(db: Db, { by, one, other }: SurvivalQuery): Promise<Comparison | null> {
  if (!by || !one || one === other) return null;
  // Somebody may have two tags: only with and without one are two groups.
  const second = by === 'tag' ? undefined : other;
  const all = await findGroup(db, EVERYBODY, EVERYBODY);
  const a = await findGroup(db, by, one);
  const b = second ? await findGroup(db, by, second) : null;
  return all && a && b !== undefined ? compareGroups(by, { all, a, b }) : null;
}
