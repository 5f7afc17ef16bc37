import type { Figure, Measure } from '../../retention/index.ts';
import { timestamp, type Clock } from '../../shared/clock.ts';
import { addDays } from '../../shared/dates.ts';
import type { Storage } from '../../storage/index.ts';
import type { Period } from '../rules.ts';
import type { LeavingReport, Reports } from '../service.ts';
import type { MonthFigures, MonthGoal } from './figures.ts';
import { daysOf, momentsOf, monthsLater, sameDaysBefore } from './month.ts';
import { countOpened, countStanding } from './summary-store.ts';

/** Where the figures of a month come from: the same that the other pages show. */
export interface Sources {
  storage: Storage;
  clock: Clock;
  company(): Promise<{ timeZone: string; currency: string }>;
  reports: Pick<Reports, 'leaving' | 'changes' | 'recovery' | 'comingIn'>;
  measure(measure: Measure, upTo: string): Promise<Figure>;
  /** Who may be about to leave, now. */
  atRisk(): Promise<NonNullable<MonthFigures['risk']>>;
  /** How the goals stand on that day. */
  goals(day: string): Promise<MonthGoal[]>;
}

/** Named in the summary. */
const MOST_REASONS = 5;
/** Shares and their changes need so many known reasons; where a month has fewer, more months are looked at together. */
const ENOUGH = 30;
const SPANS = [1, 3, 12];

/**
 * A month's figures as they can be worked out now.
 * @param upTo the last day that counts
 * @param stands whether the present stands for the end of that month: without it nothing is said of who is at risk, of
 *   goals, of what is open, and of answers that are still coming in
 */
export async function gather(
  sources: Sources,
  month: string,
  { upTo, stands }: { upTo: string; stands: boolean },
): Promise<MonthFigures> {
  const { reports } = sources;
  const period = { from: daysOf(month).from, to: upTo };
  const earlier = sameDaysBefore(month, upTo);
  const now = await reports.leaving({ period: 'custom', ...period });
  const before = await reports.leaving({ period: 'custom', ...earlier });
  const span = await spanOf(sources, month, now);
  return {
    version: 1,
    currency: (await sources.company()).currency,
    ...period,
    left: leftIn(now),
    before: leftIn(before),
    span: { ...span.period, left: leftIn(span) },
    base: span.base,
    basis: span.basis,
    asked: span.asked,
    answered: span.answered,
    comingInUntil: stands ? await reports.comingIn() : null,
    ...reasonsOf(span),
    changes: await reports.changes({ period: 'custom', ...span.period }),
    measures: {
      service: await both(sources, 'service', upTo, earlier.to),
      satisfaction: await both(sources, 'satisfaction', upTo, earlier.to),
      retention: await both(sources, 'retention', upTo, earlier.to),
    },
    risk: stands ? await sources.atRisk() : null,
    winback: await sources.measure('winback_rate', upTo),
    goals: stands ? await sources.goals(upTo) : null,
    cases: await casesOf(sources, period, stands),
  };
}

/** The costliest reasons; with all the others, and those that nobody knows, they add up to all who left. */
function reasonsOf({ reasons, unknown, names }: LeavingReport): Pick<MonthFigures, 'reasons' | 'others' | 'unknown'> {
  const there = reasons.filter((row) => row.count > 0 || row.lostMinor > 0);
  const rest = there.slice(MOST_REASONS);
  return {
    reasons: there.slice(0, MOST_REASONS).map(({ key, codeId, count, coded, lostMinor }) => ({
      key,
      codeId,
      names: names.get(codeId) ?? {},
      count,
      ...coded,
      lostMinor,
    })),
    others: {
      count: rest.reduce((sum, row) => sum + row.count, 0),
      lostMinor: rest.reduce((sum, row) => sum + row.lostMinor, 0),
    },
    unknown: { count: unknown.count, lostMinor: unknown.lostMinor },
  };
}

/** The shortest span up to the month's last day in which enough reasons are known, and as many in the time before it. */
async function spanOf({ reports }: Sources, month: string, now: LeavingReport): Promise<LeavingReport> {
  const known = (from: string, to: string) => reports.leaving({ period: 'custom', from, to });
  let found = now;
  for (const months of SPANS) {
    const { from } = daysOf(monthsLater(month, 1 - months));
    if (months > 1) found = await known(from, now.period.to);
    if (found.base < ENOUGH) continue;
    const before = daysOf(monthsLater(month, 1 - 2 * months));
    if ((await known(before.from, addDays(from, -1))).base >= ENOUGH) break;
  }
  return found;
}

const leftIn = ({ leavers, lostMinor }: LeavingReport) => ({ count: leavers, lostMinor });

async function both({ measure }: Sources, name: Measure, upTo: string, earlier: string) {
  return { now: await measure(name, upTo), before: await measure(name, earlier) };
}

async function casesOf(
  { storage, clock, company, reports }: Sources,
  period: Period,
  stands: boolean,
): Promise<MonthFigures['cases']> {
  const { timeZone } = await company();
  const { from, before } = momentsOf(timeZone, period);
  const { closed, settled, silent, rate } = await reports.recovery(period);
  const standing = stands ? await countStanding(storage.read, timestamp(clock)) : { open: null, late: null };
  return { opened: await countOpened(storage.read, from, before), closed, settled, silent, rate, ...standing };
}
