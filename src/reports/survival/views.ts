import { formatDay, formatMonth, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { topOf, trendChart, type CurveChart, type TrendChart } from '../../web/charts.ts';
import { countedWords } from '../common-views.ts';
import { addressOf, type FilterForm } from '../filter-views.ts';
import type { LinesView } from '../line-views.ts';
import { periodForm, periodWords } from '../period-views.ts';
import { trustIn } from '../rules.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import { compareView, type CompareView, type SurvivalFacts } from './compare-views.ts';
import { chartOf } from './curve-views.ts';
import type { SurvivalReport } from './report.ts';
import { perHundred, stayTable } from './stay-views.ts';

export interface SurvivalView extends ReportTabs {
  lead: string;
  period: FilterForm;
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
  compare: CompareView;
  notes: string[];
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/survival': SurvivalView;
  }
}

export function survivalView(facts: SurvivalFacts): SurvivalView {
  const { report, query, staff } = facts;
  const { t } = staff;
  const watchedFrom = formatDay(report.watchedFrom, t.language);
  return {
    ...reportTabs('/retention', staff),
    lead: lead(report, t),
    period: periodForm('/retention', query, { by: query.by, one: query.one, other: query.other }, t),
    waiting: report.countedOn === null ? t('survival.waiting') : null,
    counted: countedWords(report.countedAt, staff),
    facts: factSentences(report, t),
    trend: trendOf(report, t),
    trendNone: t('survival.trend.none'),
    curve: everybodyCurve(report, t),
    curveNone: t('survival.curve.none', { day: watchedFrom }),
    cohortCurves: cohortCurves(report, t),
    cohorts: cohortTable(report, t),
    compare: compareView(facts),
    notes: [t('survival.note.churn'), t('survival.note.entry', { day: watchedFrom }), t('survival.note.curve')],
    csv: addressOf('/retention.csv', query),
  };
}

/** Drawn on one pair of axes: the last years. */
const CURVES = 3;

function everybodyCurve({ everybody }: SurvivalReport, t: Translate): CurveChart | null {
  if (!everybody || everybody.curve.until === 0) return null;
  return chartOf([{ name: t('survival.all'), ...everybody }], t('survival.curve'), t);
}

function cohortCurves({ cohorts }: SurvivalReport, t: Translate): CurveChart | null {
  const drawn = cohorts.flatMap(({ year, curve, group }) => (curve ? [{ name: year, curve, group }] : []));
  return drawn.length === 0 ? null : chartOf(drawn.slice(0, CURVES), t('survival.cohorts.curves'), t);
}

function trendOf({ months }: SurvivalReport, t: Translate): TrendChart | null {
  if (months.length < 2) return null;
  const points = months.map(({ month, customers, rate }) => ({
    label: formatMonth(month, t.language),
    share: rate?.share ?? null,
    low: rate?.low ?? null,
    high: rate?.high ?? null,
    n: customers,
  }));
  return trendChart(points, {
    title: t('survival.trend'),
    t,
    format: (share) => formatShare(share, t.language, 1),
    top: topOf(points),
    axis: axisWords(t),
    end: endWords(t),
    baseName: t('survival.customers'),
  });
}

const axisWords = (t: Translate) => (share: number) =>
  formatNumber(share * 100, t.language, { maximumFractionDigits: 1 });

const endWords = (t: Translate) => (share: number) =>
  formatNumber(share * 100, t.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

function lead({ churn }: SurvivalReport, t: Translate): string {
  const { kind, ...days } = periodWords(churn.period, t);
  const { leavers, customers, retention } = churn;
  if (customers === 0 || !retention) return t('survival.lead.none');
  const first = t(`survival.lead.${kind}`, { ...days, count: customers, leavers });
  if (trustIn(customers) === 'too_few') return `${first} ${t('survival.lead.few')}`;
  return `${first} ${t('survival.lead.stay', perHundred(retention, t))}`;
}

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

function cohortTable({ cohorts }: SurvivalReport, t: Translate): LinesView | null {
  if (cohorts.length === 0) return null;
  const title = t('survival.cohorts');
  return stayTable(
    cohorts.map((each) => ({ name: each.year, ...each })),
    { title, who: t('survival.joined') },
    t,
  );
}
