import { formatDay, formatMonth, formatNumber, formatShare, languageName, type Translate } from '../../i18n/index.ts';
import type { Share } from '../../shared/statistics.ts';
import {
  axisMarks,
  axisOf,
  curveChart,
  shareBar,
  topOf,
  trendChart,
  type Curve as DrawnCurve,
  type CurveChart,
  type TrendChart,
} from '../../web/charts.ts';
import type { Staff } from '../../web/index.ts';
import type { BarLine, LinesView } from '../effect/views.ts';
import { countedWords } from '../common-views.ts';
import { addressOf } from '../filter-views.ts';
import { periodForm, periodWords, type PeriodForm } from '../period-views.ts';
import { trustIn } from '../rules.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import type { Comparison, Side } from './comparing.ts';
import type { Group } from './counting.ts';
import { atRiskAt, shareAt, type Curve } from './rules.ts';
import type { SurvivalQuery, SurvivalReport } from './service.ts';
import { ticksFor } from './time.ts';

interface Option {
  value: string;
  text: string;
  selected: boolean;
}

export interface SurvivalView extends ReportTabs {
  lead: string;
  period: PeriodForm;
  waiting: string | null;
  /** When the figures were counted; '' before the first time. */
  counted: string;
  facts: string[];
  trend: TrendChart | null;
  trendNone: string;
  curve: CurveChart | null;
  curveNone: string;
  cohortCurves: CurveChart | null;
  cohorts: LinesView | null;
  compare: {
    hidden: { name: string; value: string }[];
    fields: { label: string; options: Option[] }[];
    others: { label: string; options: Option[] }[];
    sentences: string[];
    chart: CurveChart | null;
    table: LinesView | null;
    none: boolean;
  };
  notes: string[];
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/survival': SurvivalView;
  }
}

export interface SurvivalFacts {
  report: SurvivalReport;
  query: SurvivalQuery;
  colleagues: { id: string; name: string }[];
  staff: Staff;
}

export function survivalView(facts: SurvivalFacts): SurvivalView {
  const { report, query, staff } = facts;
  const { t } = staff;
  const { everybody, cohorts, months } = report;
  const points = months.map(({ month, customers, rate }) => ({
    label: formatMonth(month, t.language),
    share: rate?.share ?? null,
    low: rate?.low ?? null,
    high: rate?.high ?? null,
    n: customers,
  }));
  const format = (share: number) => formatShare(share, t.language, 1);
  const young = cohorts.flatMap(({ year, curve, group }) => (curve ? [{ name: year, curve, group }] : [])).slice(0, 3);
  return {
    ...reportTabs('/retention', staff),
    lead: lead(report, t),
    period: periodForm('/retention', query, { by: query.by, one: query.one, other: query.other }, t),
    waiting: report.countedOn === null ? t('survival.waiting') : null,
    counted: countedWords(report.countedAt, staff),
    facts: factSentences(report, t),
    trend:
      points.length > 1
        ? trendChart(points, {
            title: t('survival.trend'),
            t,
            format,
            top: topOf(points),
            axis: axisWords(t),
            baseName: t('survival.customers'),
          })
        : null,
    trendNone: t('survival.trend.none'),
    curve:
      everybody && everybody.curve.until > 0
        ? chartOf([{ name: t('survival.all'), ...everybody }], t('survival.curve'), t)
        : null,
    curveNone: t('survival.curve.none', { day: formatDay(report.watchedFrom, t.language) }),
    cohortCurves: young.length > 1 ? chartOf(young, t('survival.cohorts.curves'), t) : null,
    cohorts: cohortTable(report, t),
    compare: compareView(facts),
    notes: [
      t('survival.note.churn'),
      t('survival.note.entry', { day: formatDay(report.watchedFrom, t.language) }),
      t('survival.note.curve'),
    ],
    csv: addressOf('/retention.csv', query as never),
  };
}

const axisWords = (t: Translate) => (share: number) =>
  formatNumber(share * 100, t.language, { maximumFractionDigits: 1 });

function lead({ churn }: SurvivalReport, t: Translate): string {
  const { kind, ...days } = periodWords(churn.period, t);
  const { leavers, customers, retention } = churn;
  if (customers === 0 || !retention) return t('survival.lead.none');
  const first = t(`survival.lead.${kind}`, { ...days, count: customers, leavers });
  if (trustIn(customers) === 'too_few') return `${first} ${t('survival.lead.few')}`;
  return `${first} ${t('survival.lead.stay', perHundred(retention, t))}`;
}

const perHundred = ({ share, low, high }: Share, t: Translate) => ({
  stay: formatNumber(Math.round(share * 100), t.language),
  low: formatNumber(Math.round(low * 100), t.language),
  high: formatNumber(Math.round(high * 100), t.language),
});

function factSentences({ churn }: SurvivalReport, t: Translate): string[] {
  const { rate, leavers, customerDays } = churn;
  if (!rate) return [];
  const share = (of: number) => formatShare(of, t.language, 1);
  const days = formatNumber(customerDays, t.language);
  return [
    t('survival.rate', {
      share: share(rate.share),
      low: share(rate.low),
      high: share(rate.high),
      count: leavers,
      days,
    }),
  ];
}

interface Named {
  name: string;
  curve: Curve;
  group: Group;
}

function chartOf(curves: Named[], title: string, t: Translate): CurveChart {
  const { ticks, inYears } = ticksFor(Math.max(...curves.map(({ curve }) => curve.until)));
  const drawn = curves.map(({ name, curve, group }): DrawnCurve => ({
    name,
    steps: curve.steps.map(({ t: at, share, low, high }) => ({ at, share, low, high })),
    until: curve.until,
    ticks: ticks.map(({ at }) => {
      const atRisk = atRiskAt(group.ticks, Math.max(1, at));
      const share = at === 0 ? { share: 1, low: 1, high: 1 } : shareAt(curve, at, atRisk);
      return share && { ...share, atRisk };
    }),
  }));
  return curveChart(drawn, { title, t, ticks, timeName: t(inYears ? 'survival.time.years' : 'survival.time.months') });
}

function cohortTable({ cohorts }: SurvivalReport, t: Translate): LinesView | null {
  if (cohorts.length === 0) return null;
  const title = t('survival.cohorts');
  return stayTable(
    cohorts.map((each) => ({ name: each.year, ...each })),
    { title, who: t('survival.joined') },
    t,
  );
}

interface Staying {
  name: string;
  customers: number;
  leavers: number;
  retention: Share | null;
}

/** Who would stay a year at the rate at which they left. */
function stayTable(rows: Staying[], { title, who }: { title: string; who: string }, t: Translate): LinesView {
  const axis = axisOf([1]);
  const lines = rows.map(({ name, customers, leavers, retention }): BarLine => {
    const told = retention !== null && customers >= 10;
    const { low, high } = perHundred(retention ?? { share: 0, low: 0, high: 0 }, t);
    return {
      name,
      bar: told ? shareBar({ ...retention, base: customers, axis }) : null,
      share: told ? formatShare(retention.share, t.language) : t('reports.tooFew'),
      interval: told ? `(${low}–${high})` : '',
      of: t('survival.of', { count: customers, leavers }),
      note: told && trustIn(customers) === 'indicative' ? t('charts.indicative') : '',
      more: [],
    };
  });
  const words = { share: t('survival.column.stay'), of: t('survival.column.of') };
  return { title, hidden: true, who, columns: [], ...words, axis: axisMarks(axis, t.language), lines };
}

function compareView({ report, query, colleagues, staff }: SurvivalFacts): SurvivalView['compare'] {
  const { t } = staff;
  const named = (field: string, value: string) => valueName(field, value, colleagues, t);
  const { choices, comparison } = report;
  const one = query.by && query.one ? `${query.by}:${query.one}` : '';
  const other = query.by && query.other ? `${query.by}:${query.other}` : '';
  const optionsFor = (chosen: string, fields = choices) =>
    fields.map(({ field, values }) => ({
      label: t(`survival.field.${field}`),
      options: values.map(({ value, customers }) => ({
        value: `${field}:${value}`,
        text: `${named(field, value)} (${formatNumber(customers, t.language)})`,
        selected: `${field}:${value}` === chosen,
      })),
    }));
  const hidden = (['period', 'from', 'to'] as const).flatMap((name) => {
    const value = query[name];
    return value ? [{ name, value }] : [];
  });
  const base = {
    hidden,
    fields: optionsFor(one),
    others: optionsFor(
      other,
      choices.filter(({ field }) => field !== 'tag'),
    ),
  };
  const none = choices.length === 0;
  if (!comparison) return { ...base, none, sentences: [], chart: null, table: null };
  const nameOf = ({ value }: Side) => (value === null ? t('survival.others') : named(comparison.field, value));
  const sides = [comparison.a, comparison.b].map((side) => ({ ...side, name: nameOf(side) }));
  const [a, b] = sides.map(({ name }) => name);
  const drawn = sides.filter(({ curve }) => curve.until > 0);
  const heading = { title: t('survival.compare'), who: t(`survival.field.${comparison.field}`) };
  return {
    ...base,
    none,
    sentences: comparisonWords(comparison, { a: a ?? '', b: b ?? '' }, t),
    chart: drawn.length > 0 ? chartOf(drawn, `${a} · ${b}`, t) : null,
    table: stayTable(sides, heading, t),
  };
}

/** So many leavers must be expected in each group for the test to say anything. */
const LEAST_EXPECTED = 5;

function comparisonWords(
  { afterYear, test, a, b }: Comparison,
  names: { a: string; b: string },
  t: Translate,
): string[] {
  const number = (share: number, digits = 0) =>
    formatNumber(share * 100, t.language, { maximumFractionDigits: digits });
  const signed = (share: number) =>
    formatNumber(share * 100, t.language, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });
  const left =
    a.group.ticks.reduce((sum, tick) => sum + tick.left, 0) + b.group.ticks.reduce((sum, tick) => sum + tick.left, 0);
  const few = test.p === null || Math.min(test.expected, left - test.expected) < LEAST_EXPECTED;
  const p = formatNumber(test.p ?? 1, t.language, { maximumSignificantDigits: 2 });
  const values = afterYear && {
    ...names,
    stayA: number(afterYear.a),
    stayB: number(afterYear.b),
    points: signed(afterYear.difference.difference),
    low: signed(afterYear.difference.low),
    high: signed(afterYear.difference.high),
  };
  return [
    values ? t('survival.compare.afterYear', values) : t('survival.compare.notYet'),
    few
      ? t('survival.compare.few')
      : t((test.p ?? 1) < 0.05 ? 'survival.compare.differs' : 'survival.compare.chance', { p }),
  ];
}

function valueName(field: string, value: string, colleagues: SurvivalFacts['colleagues'], t: Translate): string {
  if (field === 'contact') return colleagues.find(({ id }) => id === value)?.name ?? t('survival.formerColleague');
  if (field === 'language') return languageName(value);
  if (field === 'value') return t(`reports.value.${value}`);
  if (field !== 'country') return value;
  try {
    return new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' }).of(value) ?? value;
  } catch {
    return value;
  }
}
