import { formatDay, formatShare, type Translate } from '../../i18n/index.ts';
import { wholeTogether } from '../../shared/money.ts';
import { axisMarks, axisOf, bar, type ShareBar } from '../../web/index.ts';
import { inWholeUnits, nameOf } from '../common-views.ts';
import { moneyIn } from './calculator-views.ts';
import type { ValueReport } from './report.ts';

interface BarLine {
  name: string;
  href: string | null;
  /** Its share of the whole. */
  bar: ShareBar;
  n: string;
  range: string;
  money: string;
  share: string;
}

export interface BarTable {
  id: string;
  heading: string;
  note: string;
  columns: { name: string; n: string; range: string; money: string };
  axis: string[];
  rows: BarLine[];
  total: { name: string; n: string; money: string } | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/value-bars': BarTable;
  }
}

/** Bars of these parts of the whole, on an axis that ends above the longest. */
function barsOf(parts: number[], whole: number, t: Translate): { axis: string[]; bars: ShareBar[] } {
  const shares = parts.map((part) => (whole > 0 ? part / whole : 0));
  const axis = axisOf(shares);
  const bars = shares.map((share) => bar({ share, low: null, high: null, axis, grey: false }));
  return { axis: axisMarks(axis, t.language), bars };
}

const shareOf = (part: number, whole: number, t: Translate): string =>
  whole > 0 ? formatShare(part / whole, t.language) : '';

/** By segment only where there is something to divide; where no worth is on record the first sentence says so. */
export function lostTables(report: ValueReport, t: Translate): BarTable[] {
  const { leavers, minor } = report.lost;
  if (leavers === 0) return [reasonsTable(report, t)];
  return minor === 0 ? [] : [reasonsTable(report, t), segmentsTable(report, t)];
}

function reasonsTable(report: ValueReport, t: Translate): BarTable {
  const leaving = inWholeUnits(report.leaving);
  const money = moneyIn(report.currency, t);
  const { lostMinor: all, unknown } = leaving;
  const number = (n: number) => n.toLocaleString(t.language);
  const reasons = leaving.reasons
    .filter(({ lostMinor }) => lostMinor > 0)
    .map((row) => ({
      ...row,
      name: nameOf(leaving.names, row.codeId, t.language),
      href: `/leaving/reasons/${row.key}`,
    }));
  const parts = [...reasons, { ...unknown, name: t('reports.unknown'), href: null }];
  const { axis, bars } = barsOf(
    parts.map(({ lostMinor }) => lostMinor),
    all,
    t,
  );
  const rows = parts.map(({ name, href, count, lostMinor }, i) => ({
    name,
    href,
    bar: bars[i]!,
    n: number(count),
    range: '',
    money: money(lostMinor),
    share: shareOf(lostMinor, all, t),
  }));
  return {
    id: 'reasons',
    heading: t('value.lost.reasons'),
    note: leaving.leavers === 0 ? '' : t('value.lost.note'),
    columns: { name: t('reports.column.reason'), n: t('value.column.n'), range: '', money: t('reports.column.lost') },
    axis,
    rows: leaving.leavers === 0 ? [] : rows,
    total: { name: t('reports.total'), n: number(leaving.leavers), money: money(all) },
  };
}

function segmentsTable({ lost, currency }: ValueReport, t: Translate): BarTable {
  const money = moneyIn(currency, t);
  const sums = lost.segments.map(({ lostMinor }) => lostMinor);
  const whole = wholeTogether(sums, currency);
  const { axis, bars } = barsOf(sums, lost.minor, t);
  const number = (n: number) => n.toLocaleString(t.language);
  return {
    id: 'segments',
    heading: t('value.lost.segments'),
    note: '',
    columns: { name: t('reports.filter.segment'), n: t('value.column.n'), range: '', money: t('reports.column.lost') },
    axis,
    rows: lost.segments.map(({ segment, count, lostMinor }, i) => ({
      name: segment || t('value.noSegment'),
      href: segment ? `/leaving?${new URLSearchParams({ segment }).toString()}` : null,
      bar: bars[i]!,
      n: number(count),
      range: '',
      money: money(whole[i] ?? 0),
      share: shareOf(lostMinor, lost.minor, t),
    })),
    total: { name: t('reports.total'), n: number(lost.leavers), money: money(lost.minor) },
  };
}

export function bandsTable({ night, currency }: ValueReport, t: Translate): BarTable[] {
  if (!night || night.facts.active.count === 0) return [];
  const money = moneyIn(currency, t);
  const { bands, active } = night.facts;
  const { axis, bars } = barsOf(
    bands.map(({ sumMinor }) => sumMinor),
    active.lifetimeMinor,
    t,
  );
  const number = (n: number) => n.toLocaleString(t.language);
  return [
    {
      id: 'bands',
      heading: t('value.bands'),
      note: t('value.bands.note', { day: formatDay(night.facts.day, t.language) }),
      columns: {
        name: t('value.column.band'),
        n: t('value.column.customers'),
        range: t('value.column.range'),
        money: t('value.column.lifetime'),
      },
      axis,
      rows: bands.map((band, i) => ({
        name: t('value.band', { number: i + 1 }),
        href: null,
        bar: bars[i]!,
        n: number(band.count),
        range: t('value.range', { low: money(band.lowMinor), high: money(band.highMinor) }),
        money: money(band.sumMinor),
        share: shareOf(band.sumMinor, active.lifetimeMinor, t),
      })),
      total: { name: t('value.all'), n: number(active.count), money: money(active.lifetimeMinor) },
    },
  ];
}
