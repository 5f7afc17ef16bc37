import { formatShare, languageName, type Translate } from '../../i18n/index.ts';
import { moneyFormat, nameOf } from '../common-views.ts';
import { addressOf, countryName, narrowedTo } from '../filter-views.ts';
import type { LeavingFigures, ReasonRow } from '../leaving-rules.ts';
import { trustIn } from '../rules.ts';
import type { CrossReport, LeavingQuery } from '../service.ts';
import { CROSSED, type CrossedField } from './service.ts';

interface CrossCell {
  /** Which column and what base, for narrow screens. */
  of: string;
  share: string;
  interval: string;
  n: string;
  isSoft: boolean;
}

export interface CrossView {
  back: string;
  title: string;
  lead: string;
  /** Whom it is about; null where it is everybody. */
  only: string | null;
  others: { href: string; text: string; current: boolean }[];
  heads: { name: string; base: string }[];
  rows: { name: string; href: string; cells: CrossCell[] }[];
  /** Reasons unknown, all who left, money. */
  sums: { name: string; cells: { of: string; text: string }[] }[];
  notes: string[];
  empty: string | null;
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/cross': CrossView;
  }
}

export function crossView(report: CrossReport, query: LeavingQuery, t: Translate): CrossView {
  const { crossed } = report;
  const columns = [
    ...crossed.columns.map(({ value, figures }) => ({ name: columnName(report, value, t), figures })),
    { name: t('changes.cross.all'), figures: crossed.total },
  ];
  const money = moneyFormat({ ...report, ...crossed.total }, t);
  const count = (n: number) => n.toLocaleString(t.language);
  const sums: [string, (figures: LeavingFigures) => string][] = [
    [t('reports.unknown'), ({ unknown }) => count(unknown.count)],
    [t('reports.total'), ({ leavers }) => count(leavers)],
    [t('reports.column.lost'), ({ lostMinor }) => money(lostMinor)],
  ];
  return {
    back: addressOf('/leaving', query),
    title: t(`changes.cross.title.${crossed.field}`),
    only: narrowedTo(query, t),
    lead: t('changes.cross.lead', { count: crossed.total.leavers, known: crossed.total.base }),
    others: crossLinks(query, t, crossed.field),
    heads: columns.map(({ name, figures }) => ({ name, base: baseOf(figures, t) })),
    rows: crossed.total.reasons.map((row) => ({
      name: nameOf(report.names, row.codeId, t.language),
      href: addressOf(`/leaving/reasons/${row.key}`, query),
      cells: columns.map(({ name, figures }) => cellOf(row, `${name} (${baseOf(figures, t)})`, figures, t)),
    })),
    sums: sums.map(([name, text]) => ({
      name,
      cells: columns.map((column) => ({ of: column.name, text: text(column.figures) })),
    })),
    notes: notes(report, t),
    empty: crossed.total.leavers === 0 ? t('reports.leaving.noneHere') : null,
    csv: addressOf(`/leaving/by/${crossed.field}.csv`, query),
  };
}

const OWN_NOTES: readonly CrossedField[] = ['tag', 'product', 'city', 'contact'];

function notes({ crossed }: CrossReport, t: Translate): string[] {
  const { total, field, columns, values } = crossed;
  const shown = columns.filter(({ value }) => value !== null).length;
  return [
    ...(values > shown ? [t('changes.cross.note.rest', { shown, count: values - shown })] : []),
    t('changes.cross.note'),
    ...(total.basis === 'counted' ? [] : [t('changes.cross.note.estimated')]),
    ...(OWN_NOTES.includes(field) ? [t(`changes.cross.note.${field}`)] : []),
  ];
}

/** The other fields that reasons can be crossed with. */
export function crossLinks(query: LeavingQuery, t: Translate, current?: CrossedField): CrossView['others'] {
  return CROSSED.map((field) => ({
    href: addressOf(`/leaving/by/${field}`, query),
    text: t(`changes.cross.${field}`),
    current: field === current,
  }));
}

function cellOf(row: ReasonRow, of: string, figures: LeavingFigures, t: Translate): CrossCell {
  const trust = trustIn(figures.base);
  const own = figures.reasons.find(({ codeId }) => codeId === row.codeId);
  if (trust === 'too_few') return { of, share: t('reports.tooFew'), interval: '', n: '', isSoft: true };
  const { share, low, high } = own?.coded ?? { share: 0, low: 0, high: 0 };
  const whole = (value: number) => Math.round(value * 100).toLocaleString(t.language);
  return {
    of,
    share: formatShare(share, t.language),
    interval: low === null || high === null ? t('reports.basis.noInterval') : `(${whole(low)}–${whole(high)})`,
    n: (own?.count ?? 0).toLocaleString(t.language),
    isSoft: trust === 'indicative' || figures.basis === 'few' || figures.basis === 'unverified',
  };
}

const baseOf = ({ base }: LeavingFigures, t: Translate): string =>
  t('changes.cross.base', { n: base.toLocaleString(t.language) });

function columnName({ crossed: { field }, called }: CrossReport, value: string | null, t: Translate): string {
  if (field !== 'contact' || !value) return valueName(field, value, t);
  return called.get(value) ?? t('survival.formerColleague');
}

/** A value as people call it; null are all rarer ones together. */
function valueName(field: CrossedField, value: string | null, t: Translate): string {
  if (value === null) return t('changes.cross.others');
  if (value === '') return t(field === 'channel' ? 'changes.cross.noAnswer' : 'changes.cross.none');
  switch (field) {
    case 'tenure':
      return t(`reports.tenure.${value}`);
    case 'value':
      return t(`reports.value.${value}`);
    case 'country':
      return countryName(new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' }), value);
    case 'language':
      return languageName(value);
    case 'channel':
      return t(`reports.mode.${value}`);
    case 'city':
    case 'contact':
    case 'product':
    case 'region':
    case 'segment':
    case 'tag':
      return value;
  }
}
