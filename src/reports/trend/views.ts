import { formatDay, formatMonth, type Translate } from '../../i18n/index.ts';
import { topOf, trendChart, type TrendChart, type TrendPoint } from '../../web/charts.ts';
import { nameOf } from '../common-views.ts';
import { addressOf } from '../filter-views.ts';
import type { LeavingQuery, WholeReport } from '../service.ts';
import type { TrendStep } from '../whole-service.ts';
import type { Grain } from './rules.ts';

export interface TrendView {
  title: string;
  note: string;
  /** Of the reasons that cost most. */
  charts: TrendChart[];
  /** Of all others, folded away. */
  others: TrendChart[];
  othersTitle: string;
  csv: string;
}

/** So many stand side by side in one line. */
const FIRST = 3;

/** Null where no step has enough known reasons to draw anything, or nobody has checked any. */
export function trendView(report: WholeReport, query: LeavingQuery, t: Translate): TrendView | null {
  const { grain, steps, marks } = report.trend;
  const shown = steps.filter(({ base }) => base >= 10);
  if (shown.length === 0) return null;
  const rows = report.reasons.filter(({ codeId }) =>
    steps.some(({ reasons }) => (reasons.get(codeId)?.count ?? 0) > 0),
  );
  const labels = steps.map(({ from }) => labelOf(from, grain, t));
  const series = rows.map(({ codeId }) => steps.map((step, i) => pointOf(step, codeId, labels[i] ?? '')));
  if (!series.flat().some(({ share }) => share !== null)) return null;
  const top = topOf(series.flat());
  const said = marks.map(({ at, days }) => ({
    at,
    text: t('changes.trend.mark', { days: days.map((day) => formatDay(day, t.language)).join(', ') }),
  }));
  const bases = shown.map(({ base }) => base);
  const counts = { least: Math.min(...bases), most: Math.max(...bases) };
  const charts = rows.map(({ codeId, key }, i) =>
    trendChart(series[i] ?? [], {
      title: nameOf(report.names, codeId, t.language),
      href: addressOf(`/leaving/reasons/${key}`, query),
      t,
      top,
      marks: said,
    }),
  );
  const others = charts.slice(FIRST);
  return {
    title: t(`changes.trend.${grain}`),
    note: [
      t(`changes.trend.note.${grain}`, counts),
      ...(shown.every(({ basis }) => basis === 'counted') ? [] : [t('changes.trend.note.estimated')]),
      ...said.map(({ text }) => `${t('changes.trend.dashed')} ${text}.`),
    ].join(' '),
    charts: charts.slice(0, FIRST),
    others,
    othersTitle: t('changes.trend.others', { count: others.length }),
    csv: addressOf('/leaving/trend.csv', query),
  };
}

function pointOf({ base, reasons }: TrendStep, codeId: string, label: string): TrendPoint {
  const reason = reasons.get(codeId);
  // What nobody has checked has no interval, and makes no trend.
  const isKnown = reason !== undefined && reason.low !== null && reason.high !== null;
  const { share = null, low = null, high = null } = isKnown ? reason : {};
  return { label, share: base > 0 ? share : null, low, high, n: base };
}

/** 'November 2026', 'Q4 2026'. */
function labelOf(from: string, grain: Grain, t: Translate): string {
  if (grain === 'month') return formatMonth(from, t.language);
  const quarter = Math.floor((Number(from.slice(5, 7)) - 1) / 3) + 1;
  return t('changes.trend.label', { quarter, year: from.slice(0, 4) });
}
