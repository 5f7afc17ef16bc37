/**
 * View models of the charts that the pages with figures share: numbers go into attributes of SVG, looks come from classes,
 * and each chart says the same in words and in a table.
 */
import { formatShare, type Translate } from '../i18n/index.ts';
import {
  curveLines,
  niceTop,
  trendLines,
  type Curve,
  type CurveAt,
  type CurveLine,
  type Plot,
  type TrendPoint,
} from './chart-lines.ts';

export type { Curve, CurveAt, TrendPoint };

interface TrendOptions {
  title: string;
  /** What it is called where its heading is not seen: the title, unless told. */
  name?: string;
  /** Where the title leads to. */
  href?: string | null;
  t: Translate;
  /** Where the axis ends: the same for all charts that stand beside one another (see `topOf`). */
  top?: number;
  /** Where the axis begins: 0, unless figures can be below it. */
  bottom?: number;
  /** Something changed just before the point with this number: a codebook, a questionnaire. */
  marks?: readonly { at: number; text: string }[];
  /** How a figure is written: as whole per cents, unless told. */
  format?: (value: number) => string;
  /** How a figure is written at the axis, where there is room for three letters. */
  axis?: (value: number) => string;
  /** How the ends of an interval are written: as at the axis, unless told. */
  end?: (value: number) => string;
  /** What the figures' base is called at the head of its column: "n", unless told. */
  baseName?: string;
}

interface TrendRow {
  label: string;
  share: string;
  interval: string;
  n: string;
  note: string;
}

export interface TrendChart extends Plot {
  title: string;
  name: string;
  href: string | null;
  /** The chart in one sentence. */
  spoken: string;
  /** Why nothing is drawn. */
  empty: string | null;
  first: string;
  latest: string;
  baseName: string;
  rows: TrendRow[];
}

/** A bar with its whisker, in per cent of the axis. */
export interface ShareBar {
  viewBox: string;
  grid: string;
  width: string;
  fill: string;
  whisker: string | null;
  /** A second, thinner bar below: what was stated, the period before. */
  beside: string | null;
}

interface CurveOptions {
  title: string;
  t: Translate;
  ticks: readonly { at: number; label: string }[];
  /** What time is counted in, at the head of its column: "Months since joining". */
  timeName: string;
}

export interface CurveChart {
  title: string;
  spoken: string;
  empty: string | null;
  viewBox: string;
  grid: string;
  levels: { x: number; y: number; text: string }[];
  times: { x: string; text: string }[];
  curves: CurveLine[];
  timeName: string;
}

declare module './render.ts' {
  interface Templates {
    'shared/trend': TrendChart;
    'shared/share-bar': ShareBar;
    'shared/curve': CurveChart;
  }
}

/** A range as it stands behind a figure: "(26–37)", in the figure's unit. */
type WrittenRange = (low: number, high: number) => string;

const range =
  (axis: (value: number) => string): WrittenRange =>
  (low, high) =>
    `(${axis(low)}–${axis(high)})`;

const perCent = (language: string) => (value: number) => Math.round(value * 100).toLocaleString(language);

/** The end of an axis that holds all of these, for charts that stand beside one another. */
export function topOf(points: readonly TrendPoint[]): number {
  return niceTop(Math.max(0, ...points.map((point) => (point.n < 10 ? 0 : (point.high ?? point.share ?? 0)))));
}

/** One small multiple: a line with its band, and a table of what it shows. */
export function trendChart(points: readonly TrendPoint[], options: TrendOptions): TrendChart {
  const { t, title, name = title, href = null, marks = [] } = options;
  const format = options.format ?? ((value: number) => formatShare(value, t.language));
  const axis = options.axis ?? perCent(t.language);
  const shown = points.filter((point) => point.share !== null && point.n >= 10);
  const [first, last] = [shown[0], shown.at(-1)];
  const said = (point: TrendPoint | undefined) => ({ at: point?.label ?? '', share: format(point?.share ?? 0) });
  const values = {
    title: name,
    first: said(first).share,
    from: said(first).at,
    last: said(last).share,
    to: said(last).at,
  };
  return {
    title,
    name,
    href,
    spoken: t(shown.length > 1 ? 'charts.trend.spoken' : 'charts.trend.one', values),
    empty: shown.length > 0 ? null : t('charts.empty'),
    ...trendLines(points, { top: options.top ?? topOf(points), bottom: options.bottom ?? 0, marks, format, axis }),
    first: points.length > 1 ? (points[0]?.label ?? '') : '',
    latest: points.at(-1)?.label ?? '',
    baseName: options.baseName ?? t('charts.n'),
    rows: points.map((point, i) =>
      trendRow(point, marks.find(({ at }) => at === i)?.text ?? '', format, range(options.end ?? axis), t),
    ),
  };
}

function trendRow(
  { label, share, low, high, n }: TrendPoint,
  mark: string,
  format: (value: number) => string,
  between: WrittenRange,
  t: Translate,
): TrendRow {
  const told = share !== null && n >= 10;
  return {
    label,
    share: told ? format(share) : t('charts.tooFew'),
    interval: told && low !== null && high !== null ? between(low, high) : '',
    n: n.toLocaleString(t.language),
    note: [told && n < 30 ? t('charts.indicative') : '', mark].filter(Boolean).join(' · '),
  };
}

const percent = (share: number): string => (share * 100).toFixed(1);

/**
 * One bar on an axis of so many per cent; none with a base under 10.
 * @param base under 30 the bar is grey
 */
export function shareBar({ base, ...of }: Omit<BarOf, 'grey'> & { base: number }): ShareBar | null {
  return base < 10 ? null : bar({ ...of, grey: base < 30 });
}

interface BarOf {
  share: number;
  low: number | null;
  high: number | null;
  /** Where the axis ends, in per cent (`axisOf`). */
  axis: number;
  grey: boolean;
  /** A second share, drawn below as a thin bar. */
  beside?: number | null;
}

export function bar({ share, low, high, axis, grey, beside = null }: BarOf): ShareBar {
  const lines = [0, axis / 4, axis / 2, (axis * 3) / 4, axis];
  const [from, to] = [percent(low ?? 0), percent(high ?? 0)];
  // Alone, a bar stands in the middle of its row.
  const top = beside === null ? -6 : 0;
  return {
    viewBox: `0 ${top} ${axis} 40`,
    grid: lines.map((x) => `M${x} ${top}V${top + 40}`).join(''),
    width: percent(share),
    fill: grey ? 'f0' : 'f1',
    whisker: low === null || high === null ? null : `M${from} 14H${to}M${from} 8V20M${to} 8V20`,
    beside: beside === null ? null : percent(beside),
  };
}

/** The axis of a table of bars, in per cent: the next twenty above the widest of these, at least 20, at most 100. */
export function axisOf(shares: readonly number[]): number {
  return Math.min(100, Math.ceil(Math.max(0.2, ...shares) * 5) * 20);
}

/** The three marks above a table of bars: 0, the middle, and the end with its sign. */
export function axisMarks(axis: number, language: string): string[] {
  return ['0', (axis / 2).toLocaleString(language), formatShare(axis / 100, language)];
}

/** At most three curves on one pair of axes, with the numbers still at risk beneath each tick. */
export function curveChart(curves: readonly Curve[], { title, t, ticks, timeName }: CurveOptions): CurveChart {
  const written = (at: CurveAt) => ({
    share: formatShare(at.share, t.language),
    interval: range(perCent(t.language))(at.low, at.high),
    atRisk: at.atRisk.toLocaleString(t.language),
  });
  const ends = curves.map((curve) => {
    const last = curve.ticks.findLastIndex((at) => at !== null);
    const share = curve.ticks[last]?.share;
    return share === undefined
      ? ''
      : t('charts.curve.end', {
          name: curve.name,
          share: formatShare(share, t.language),
          at: ticks[last]?.label ?? '',
        });
  });
  return {
    title,
    spoken: [`${title}.`, ...ends.filter(Boolean), `${timeName}.`].join(' '),
    empty: curves.some((curve) => curve.until > 0) ? null : t('charts.empty'),
    ...curveLines(curves, ticks, (value) => perCent(t.language)(value), written),
    timeName,
  };
}
