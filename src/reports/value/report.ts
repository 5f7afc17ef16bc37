import type { KeptSetting } from '../../accounts/index.ts';
import type { Figure } from '../../retention/index.ts';
import { dayIn } from '../../shared/dates.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import type { Db } from '../../storage/index.ts';
import type { InsightDeps } from '../deps.ts';
import { periodOf, type Period } from '../rules.ts';
import type { LeavingReport } from '../service.ts';
import { workOut, type Given, type Worked } from './calculator.ts';
import type { Facts } from './facts.ts';
import { lastNight, type Night } from './night.ts';
import type { ValueSetting } from './settings.ts';
import { lostBySegment } from './value-store.ts';

interface ValueDeps extends InsightDeps {
  kept: KeptSetting<ValueSetting>;
}

/** The same figures for the page, the CSV file and the interface. Money in minor units. */
export interface ValueReport {
  currency: string;
  period: Period;
  setting: ValueSetting;
  /** False as long as nobody has typed the margin: then turnover stands for it. */
  settingTyped: boolean;
  settingRevision: number;
  /** Null until the first night. */
  night: Night | null;
  /** Of `facts.base`; null until the first night and where the base is 0. */
  shareLost: Share | null;
  given: Given;
  worked: Worked;
  lost: { leavers: number; minor: number; segments: { segment: string; count: number; lostMinor: number }[] };
  leaving: LeavingReport;
}

/** The last twelve months. `trying`: figures to try in place of the business's own. */
export async function valueReport(deps: ValueDeps, trying: Partial<Given>): Promise<ValueReport> {
  const { storage, clock, accounts, reports, kept } = deps;
  const { currency, timeZone } = await accounts.company();
  const period = periodOf('12m', dayIn(timeZone, clock.now()), {});
  const { setting, revision, changed } = await kept.standing();
  const night = await lastNight(storage.read);
  const given = { ...ownFigures(night?.facts, setting), ...trying };
  return {
    currency,
    period,
    setting,
    settingTyped: changed !== null,
    settingRevision: revision,
    night,
    shareLost: night && night.facts.base > 0 ? wilson(night.facts.lost, night.facts.base) : null,
    given,
    worked: workOut(given),
    lost: await lostIn(storage.read, period),
    leaving: await reports.leaving({ period: '12m' }),
  };
}

/** The business's own figures, for the calculator. */
function ownFigures(facts: Facts | undefined, { margin, discount }: ValueSetting): Given {
  const { base = 0, lost = 0, baseSpendMinor = 0 } = facts ?? {};
  const each = (of: number) => (base === 0 ? 0 : of / base);
  return { customers: base, shareLost: each(lost), spendMinor: Math.round(each(baseSpendMinor)), margin, discount };
}

async function lostIn(db: Db, period: Period): Promise<ValueReport['lost']> {
  const segments = await lostBySegment(db, period);
  return {
    leavers: segments.reduce((sum, { count }) => sum + count, 0),
    minor: segments.reduce((sum, { lostMinor }) => sum + lostMinor, 0),
    segments,
  };
}

/** What left with the customers of a period, both days included; there is no interval, for they have all been counted. */
export async function moneyLost({ storage }: ValueDeps, period: Period): Promise<Figure> {
  const { leavers: base, minor } = await lostIn(storage.read, period);
  return { value: base === 0 ? null : minor, low: null, high: null, base, unit: 'money' };
}

/** For the month on one page. */
export async function valueSummary(deps: ValueDeps) {
  const { currency, period, lost, night, worked, given } = await valueReport(deps, {});
  return {
    currency,
    period,
    leavers: lost.leavers,
    lostMinor: lost.minor,
    /** Customers of today and what they are worth; null until the first night. */
    active: night?.facts.active ?? null,
    method: night?.method ?? null,
    /** What a point more of retention brings: spend in the first year, and lifetime value, in minor units. */
    point: { yearlyMinor: Math.round(worked.point.yearlySpend), lifetimeMinor: whole(worked.point.lifetime) },
    given,
  };
}

const whole = (minor: number): number | null => (Number.isFinite(minor) ? Math.round(minor) : null);
