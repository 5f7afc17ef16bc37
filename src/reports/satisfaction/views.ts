import { formatDay, formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import {
  axisMarks,
  shareBar,
  topOf,
  trendChart,
  type ShareBar,
  type TrendChart,
  type TrendPoint,
} from '../../web/charts.ts';
import type { Staff } from '../../web/index.ts';
import type { Comparison } from '../changes/periods.ts';
import type { ChangedView } from '../changes/views.ts';
import { addressOf, filterForm, filters, narrowedTo, type FilterForm, type FilterValues } from '../filter-views.ts';
import { trustIn } from '../rules.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import type { AuditView } from './audit-views.ts';
import { changedView, stepView, type StepView } from './changed-views.ts';
import type { LowReport, MeasureReport, SatisfactionQuery, SatisfactionReport } from './report.ts';
import { saidViews, wordsAddress, type SaidView } from './theme-views.ts';
import { changeInWords, intervalOf, periodInWords, scoresApart, spanName, textIn } from './wording.ts';

export interface MeasureView {
  id: string;
  title: string;
  /** Null where there are too few to say. */
  value: string | null;
  interval: string;
  base: string;
  formula: string;
  /** Why there is nothing, and what will fill it. */
  empty: string | null;
  warning: string | null;
  change: string;
  chart: TrendChart | null;
}

export interface MomentLine {
  name: string;
  bar: ShareBar | null;
  share: string;
  interval: string;
  n: string;
  change: StepView | null;
}

export interface LowLine {
  name: string;
  question: string;
  href: string;
  by: string;
  between: string;
  bases: string;
}

export interface LowTable {
  rows: LowLine[];
}

export interface SatisfactionView extends ReportTabs {
  lead: string;
  /** Nobody has been heard yet: the page leads to where somebody is asked. */
  nothing: boolean;
  /** Whom it is about; null where it is everybody. */
  only: string | null;
  filters: FilterForm;
  measures: MeasureView[];
  changed: ChangedView;
  moments: { axis: string[]; rows: MomentLine[]; hasChanges: boolean; notes: string[] } | null;
  recommending: string[];
  /** What is said in answer to the regular questions, and at each moment of a dealing. */
  said: SaidView | null;
  atMoments: SaidView[];
  saidEmpty: string | null;
  low: {
    intro: string;
    told: LowLine[];
    toldTitle: string;
    none: string | null;
    others: LowLine[];
    othersTitle: string;
    othersNote: string;
  } | null;
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/satisfaction': SatisfactionView;
    'reports/satisfaction-low': LowTable;
    'reports/satisfaction-audit': AuditView;
  }
}

export function satisfactionView(
  report: SatisfactionReport,
  query: SatisfactionQuery,
  values: FilterValues,
  reader: Pick<Staff, 'role' | 't'>,
): SatisfactionView {
  const { t } = reader;
  const said = saidViews(report, query, t);
  return {
    ...reportTabs('/satisfaction', reader),
    lead: lead(report, t),
    nothing: said.length === 0 && report.measures.every(({ measure, base }) => measure === 'retention' || base === 0),
    only: narrowedTo(query, t),
    filters: filterForm(
      '/satisfaction',
      query,
      filters(query, values, t).filter(({ name }) => OFFERED.includes(name)),
    ),
    measures: measureViews(report, t),
    changed: changedView(report, t),
    moments: momentsView(report, t),
    recommending: report.recommending.map((each) => recommendingInWords(each, t)),
    said: said.find(({ id }) => id === 'satisfaction') ?? null,
    atMoments: said.filter(({ id }) => id !== 'satisfaction'),
    saidEmpty: said.length === 0 ? t('satisfaction.said.none') : null,
    low: lowView(report, query, t),
    csv: addressOf('/satisfaction.csv', query),
  };
}

const OFFERED = ['period', 'compare', 'segment', 'country', 'language'];

function lead({ measures, period }: SatisfactionReport, t: Translate): string {
  const told = (name: string) => measures.find(({ measure, base }) => measure === name && trustIn(base) !== 'too_few');
  const [service, satisfaction] = [told('service')?.share, told('satisfaction')?.share];
  const kind = service && satisfaction ? 'both' : service ? 'service' : satisfaction ? 'satisfaction' : 'none';
  return t(`satisfaction.lead.${kind}`, {
    period: periodInWords(period, t),
    service: formatShare(service?.share ?? 0, t.language),
    satisfaction: formatShare(satisfaction?.share ?? 0, t.language),
  });
}

/** All three charts share one axis, so that they can be compared by eye. */
function measureViews({ measures, comparison }: SatisfactionReport, t: Translate): MeasureView[] {
  const trends = measures.map(({ trend }) => trend.points.map((point) => trendPoint(point, trend.grain, t)));
  const top = topOf(trends.flat());
  return measures.map((measure, i) => measureView(measure, trends[i] ?? [], top, comparison, t));
}

function trendPoint(
  point: MeasureReport['trend']['points'][number],
  grain: 'month' | 'quarter',
  t: Translate,
): TrendPoint {
  const { share, base: n } = point;
  return {
    label: spanName(point.month, grain, t),
    share: share?.share ?? null,
    low: share?.low ?? null,
    high: share?.high ?? null,
    n,
  };
}

function measureView(
  report: MeasureReport,
  points: TrendPoint[],
  top: number,
  comparison: Comparison,
  t: Translate,
): MeasureView {
  const { measure, base, share, change, trend } = report;
  const trust = trustIn(base);
  const title = t(`satisfaction.measure.${measure}`);
  const chartTitle = t(`satisfaction.by.${trend.grain}`);
  const charted = points.some(({ n, share: each }) => n > 0 && each !== null);
  return {
    id: measure,
    title,
    value: share && trust !== 'too_few' ? formatShare(share.share, t.language) : null,
    interval: share && trust !== 'too_few' ? intervalOf(share, t) : '',
    base: t(`satisfaction.base.${measure}`, { count: base }),
    formula: t(`satisfaction.formula.${measure}`),
    empty: base === 0 ? t(`satisfaction.empty.${measure}`) : null,
    warning: base > 0 && trust !== 'sound' ? t(`satisfaction.warning.${trust}`, { count: base }) : null,
    change: trust === 'too_few' ? '' : changeInWords(change, comparison, t),
    chart: charted ? trendChart(points, { title: chartTitle, name: `${title}, ${chartTitle}`, top, t }) : null,
  };
}

function momentsView({ moments, gap, pairs }: SatisfactionReport, t: Translate): SatisfactionView['moments'] {
  if (moments.every(({ base }) => base === 0)) return null;
  const paired = pairs.better + pairs.same + pairs.worse;
  const rows = moments.map(({ moment, base, share, change }): MomentLine => {
    const few = trustIn(base) === 'too_few';
    return {
      name: t(`satisfaction.moment.${moment}`),
      bar: share && !few ? shareBar({ ...share, base, axis: 100 }) : null,
      share: share && !few ? formatShare(share.share, t.language) : t('reports.tooFew'),
      interval: share && !few ? intervalOf(share, t) : '',
      n: base.toLocaleString(t.language),
      change: stepView(change, t),
    };
  });
  const notes = [
    gap ? gapInWords(gap, t) : t('satisfaction.gap.few'),
    ...(paired > 0 ? [t('satisfaction.pairs', { count: paired, ...pairs })] : []),
  ];
  const hasChanges = moments.some(({ change }) => change !== null);
  return { axis: axisMarks(100, t.language), rows, hasChanges, notes };
}

function gapInWords({ difference, low, high }: NonNullable<SatisfactionReport['gap']>, t: Translate): string {
  const points = (value: number) => formatNumber(Math.round(value * 100), t.language, { signDisplay: 'exceptZero' });
  const between = t('satisfaction.range', { low: points(low), high: points(high) });
  if (low <= 0 && high >= 0) return t('satisfaction.gap.chance', { between });
  const by = formatNumber(Math.abs(Math.round(difference * 100)), t.language);
  return t(`satisfaction.gap.${difference > 0 ? 'better' : 'worse'}`, { by, between });
}

function recommendingInWords(each: SatisfactionReport['recommending'][number], t: Translate): string {
  const points = (value: number) => formatNumber(Math.round(value * 100), t.language);
  const where = t(`satisfaction.said.${each.part}`);
  const { base: count, promoters, passives, detractors } = each;
  if (count < 10) return t('satisfaction.nps.few', { where, count });
  const figure = { nps: points(each.nps), low: points(each.low), high: points(each.high) };
  return t('satisfaction.nps', { where, count, promoters, passives, detractors, ...figure });
}

function lowView({ low }: SatisfactionReport, query: SatisfactionQuery, t: Translate): SatisfactionView['low'] {
  if (!low || low.themes.length === 0) return null;
  const line = (theme: LowReport): LowLine => ({
    name: textIn(theme.name, t.language),
    question: textIn(theme.question, t.language),
    href: wordsAddress({ codeId: theme.codeId, part: 'satisfaction', questionKey: theme.questionKey }, query),
    ...scoresApart(theme, t),
    bases: t('satisfaction.low.bases', { carrying: theme.carrying, others: theme.others }),
  });
  const told = low.themes.filter((theme) => theme.told);
  const others = low.themes.filter((theme) => !theme.told);
  const [from, to] = [formatDay(low.period.from, t.language), formatDay(low.period.to, t.language)];
  return {
    intro: t('satisfaction.low.intro', { from, to }),
    told: told.map(line),
    toldTitle: t('satisfaction.low.told', { count: told.length }),
    none: told.length === 0 ? t('satisfaction.low.none') : null,
    others: others.map(line),
    othersTitle: t('satisfaction.low.others', { count: others.length }),
    // Which otherwise looks like what the summary denies.
    othersNote: others.some((theme) => theme.low > 0 || theme.high < 0) ? t('satisfaction.low.others.note') : '',
  };
}
