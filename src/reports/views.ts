import { formatDay, formatMonth, formatShare, languageName, type Translate } from '../i18n/index.ts';
import { decimalsOf, formatMoney, formatMoneyWhole } from '../shared/money.ts';
import type { Share } from '../shared/statistics.ts';
import { isTwelveMonths, trustIn, TENURE_BANDS, VALUE_BANDS, type ReasonRow } from './rules.ts';
import type { LeavingQuery, LeavingReport, Verbatim } from './service.ts';

interface Option {
  value: string;
  text: string;
  selected: boolean;
}

export interface Select {
  name: string;
  label: string;
  options: Option[];
}

export interface ReasonLine {
  href: string;
  name: string;
  bar: Bar | null;
  share: string;
  interval: string;
  n: string;
  stated: string;
  statedInterval: string;
  money: string;
  running: string;
}

/** Numbers of one bar, in per cent of the axis. */
export interface Bar {
  viewBox: string;
  grid: string;
  width: string;
  fill: string;
  whisker: string | null;
  stated: string;
}

export interface PlainLine {
  name: string;
  href: string;
  n: string;
  money: string;
}

export interface LeavingView {
  lead: string;
  filters: Select[];
  from: string;
  to: string;
  clear: string | null;
  empty: string | null;
  axis: string[];
  reasons: ReasonLine[];
  unknown: { n: string; money: string; running: string; parts: PlainLine[] } | null;
  total: { n: string; money: string };
  notes: string[];
  warning: string | null;
  csv: string;
}

export interface VerbatimsView {
  back: string;
  name: string;
  description: string;
  lead: string;
  cards: VerbatimCard[];
  others: string | null;
  empty: string | null;
  parts: PlainLine[];
}

export interface VerbatimCard {
  /** What they wrote to the first open question; the others are folded away. */
  first: { text: string; language: string };
  others: { text: string; language: string }[];
  who: string;
  tags: string[];
  coded: string;
  customerId: string;
}

declare module '../web/render.ts' {
  interface Templates {
    'reports/leaving': LeavingView;
    'reports/verbatims': VerbatimsView;
  }
}

export interface FilterValues {
  segments: string[];
  countries: string[];
  languages: string[];
}

/** The address of a report with the same filters. */
export function addressOf(path: string, query: LeavingQuery, more: Record<string, string> = {}): string {
  const fields = Object.entries({ ...query, ...more }).flatMap(([name, value]) =>
    value ? [[name, String(value)]] : [],
  );
  const text = new URLSearchParams(fields as [string, string][]).toString();
  return text ? `${path}?${text}` : path;
}

/** Whole units where every sum is whole; else all of them with their decimals, so that rows visibly add up. */
function moneyFormat(report: LeavingReport, t: Translate): (minor: number) => string {
  const sums = [
    report.lostMinor,
    ...report.reasons.map((row) => row.lostMinor),
    ...report.unknown.parts.map((row) => row.lostMinor),
  ];
  const whole = sums.every((minor) => minor % 10 ** decimalsOf(report.currency) === 0);
  const format = whole ? formatMoneyWhole : formatMoney;
  return (minor) => format(minor, report.currency, t.language);
}

export function nameOf(names: Map<string, Record<string, string>>, codeId: string, language: string): string {
  const texts = names.get(codeId) ?? {};
  return texts[language] || texts.en || Object.values(texts).find(Boolean) || '';
}

export function leavingView(
  report: LeavingReport,
  query: LeavingQuery,
  values: FilterValues,
  t: Translate,
): LeavingView {
  const money = moneyFormat(report, t);
  const count = (n: number) => n.toLocaleString(t.language);
  const { unknown } = report;
  const axis = axisOf(report.reasons);
  return {
    lead: lead(report, t),
    filters: filters(query, values, t),
    from: query.from ?? '',
    to: query.to ?? '',
    clear: Object.values(query).some(Boolean) ? '/leaving' : null,
    empty:
      report.leavers === 0
        ? t(Object.values(query).some(Boolean) ? 'reports.leaving.noneHere' : 'reports.leaving.none')
        : null,
    axis: ['0', count(axis / 2), formatShare(axis / 100, t.language)],
    reasons: report.reasons.map((row) => reasonLine(row, report, query, axis, money, t)),
    unknown: {
      n: count(unknown.count),
      money: money(unknown.lostMinor),
      running: money(unknown.runningMinor),
      parts: unknown.parts.map((part) => ({
        name: t(`reports.unknown.${part.knowledge}`),
        href: part.knowledge === 'not_coded' && part.count > 0 ? '/answers' : '',
        n: count(part.count),
        money: money(part.lostMinor),
      })),
    },
    total: { n: count(report.leavers), money: money(report.lostMinor) },
    notes: notes(report, t),
    warning: warning(report, t),
    csv: addressOf('/leaving.csv', query),
  };
}

function lead(report: LeavingReport, t: Translate): string {
  const { period } = report;
  const to = formatDay(period.to, t.language);
  const values = {
    count: report.leavers,
    money: inWords(report.lostMinor, report.currency, t),
    known: report.base,
    to,
    from: formatDay(period.from, t.language),
  };
  if (isTwelveMonths(period)) return t('reports.leaving.lead.twelve', values);
  return t(period.from.startsWith('0001') ? 'reports.leaving.lead.all' : 'reports.leaving.lead.between', values);
}

/** A sentence names a whole sum without its decimals; one that has some keeps them, as the table does. */
function inWords(minor: number, currency: string, t: Translate): string {
  const whole = minor % 10 ** decimalsOf(currency) === 0;
  return (whole ? formatMoneyWhole : formatMoney)(minor, currency, t.language);
}

function notes(report: LeavingReport, t: Translate): string[] {
  const share = report.asked > 0 ? formatShare(report.answered / report.asked, t.language, 1) : '';
  const { colleague, engine } = report.bySource;
  return [
    t('reports.leaving.note.coded', { count: report.base, colleague, engine }),
    t('reports.leaving.note.stated', { count: report.statedBase }),
    t('reports.leaving.note.money'),
    ...(report.asked > 0
      ? [t('reports.leaving.note.asked', { answered: report.answered, count: report.asked, share })]
      : []),
  ];
}

function warning(report: LeavingReport, t: Translate): string | null {
  if (report.leavers === 0) return null;
  const trust = trustIn(report.base);
  if (trust === 'sound') return null;
  return t(trust === 'too_few' ? 'reports.leaving.tooFew' : 'reports.leaving.indicative', { count: report.base });
}

/** The axis ends at the next ten per cent above the widest interval, at least at 20. */
function axisOf(rows: ReasonRow[]): number {
  const widest = Math.max(
    0.2,
    ...rows.map((row) => (row.count > 0 ? row.coded.high : 0)),
    ...rows.map((row) => row.stated?.share ?? 0),
  );
  return Math.min(100, Math.ceil(widest * 5) * 20);
}

const percent = (share: number): string => (share * 100).toFixed(1);

function reasonLine(
  row: ReasonRow,
  report: LeavingReport,
  query: LeavingQuery,
  axis: number,
  money: (minor: number) => string,
  t: Translate,
): ReasonLine {
  const trust = trustIn(report.base);
  const few = trust === 'too_few';
  const statedFew = trustIn(report.statedBase) === 'too_few' || row.stated === null;
  return {
    href: addressOf(`/leaving/reasons/${row.key}`, query),
    name: nameOf(report.names, row.codeId, t.language),
    bar: few ? null : barOf(row, axis, trust === 'indicative', statedFew),
    share: few ? t('reports.tooFew') : formatShare(row.coded.share, t.language),
    interval: few ? '' : interval(row.coded, t),
    n: row.count.toLocaleString(t.language),
    stated: statedFew || !row.stated ? t('reports.tooFew') : formatShare(row.stated.share, t.language),
    statedInterval: statedFew || !row.stated ? '' : interval(row.stated, t),
    money: money(row.lostMinor),
    running: money(row.runningMinor),
  };
}

function interval({ low, high }: Share, t: Translate): string {
  const whole = (share: number) => Math.round(share * 100).toLocaleString(t.language);
  return `(${whole(low)}–${whole(high)})`;
}

function barOf(row: ReasonRow, axis: number, indicative: boolean, statedFew: boolean): Bar {
  const lines = [0, axis / 4, axis / 2, (axis * 3) / 4, axis];
  const { low, high } = row.coded;
  const [from, to] = [percent(low), percent(high)];
  return {
    viewBox: `0 0 ${axis} 40`,
    grid: lines.map((x) => `M${x} 0V40`).join(''),
    width: percent(row.coded.share),
    fill: indicative ? 'f0' : 'f1',
    whisker: `M${from} 14H${to}M${from} 8V20M${to} 8V20`,
    stated: statedFew || !row.stated ? '0' : percent(row.stated.share),
  };
}

function filters(query: LeavingQuery, { segments, countries, languages }: FilterValues, t: Translate): Select[] {
  const select = (name: keyof LeavingQuery, any: string, options: { value: string; text: string }[]): Select => ({
    name,
    label: t(`reports.filter.${name}`),
    options: [{ value: '', text: any }, ...options].map((each) => ({
      ...each,
      selected: (query[name] ?? '') === each.value,
    })),
  });
  const periods = ['90d', 'year', 'last-year', 'all', 'custom'];
  const countryNames = new Intl.DisplayNames(t.language, { type: 'region', fallback: 'code' });
  const any = t('reports.filter.any');
  return [
    select(
      'period',
      t('reports.period.12m'),
      periods.map((value) => ({ value, text: t(`reports.period.${value}`) })),
    ),
    select(
      'tenure',
      t('reports.filter.anyTime'),
      TENURE_BANDS.map((value) => ({ value, text: t(`reports.tenure.${value}`) })),
    ),
    select(
      'value',
      any,
      VALUE_BANDS.map((value) => ({ value, text: t(`reports.value.${value}`) })),
    ),
    select(
      'segment',
      any,
      segments.map((value) => ({ value, text: value })),
    ),
    select(
      'country',
      any,
      countries.map((value) => ({ value, text: countryName(countryNames, value) })),
    ),
    select(
      'language',
      any,
      languages.map((value) => ({ value, text: languageName(value) })),
    ),
  ];
}

function countryName(names: Intl.DisplayNames, code: string): string {
  try {
    return names.of(code) ?? code;
  } catch {
    return code;
  }
}

interface VerbatimsFound {
  code: { id: string; key: string; name: Record<string, string>; description: Record<string, string> };
  rows: Verbatim[];
  next: string | null;
}

export function verbatimsView(
  report: LeavingReport,
  query: LeavingQuery,
  found: VerbatimsFound,
  after: number,
  t: Translate,
): VerbatimsView {
  const money = moneyFormat(report, t);
  const row = report.reasons.find((each) => each.key === found.code.key);
  const path = `/leaving/reasons/${found.code.key}`;
  const [count, lost] = [row?.count ?? 0, row?.lostMinor ?? 0];
  return {
    back: addressOf('/leaving', query),
    name: nameOf(report.names, found.code.id, t.language),
    description: found.code.description[t.language] ?? found.code.description.en ?? '',
    lead: t('reports.verbatims.lead', { count, money: money(lost), shown: found.rows.length }),
    cards: found.rows.map((verbatim) => card(verbatim, report, t)),
    others:
      found.next !== null ? addressOf(path, query, { after: found.next }) : after > 0 ? addressOf(path, query) : null,
    empty: found.rows.length === 0 ? t('reports.verbatims.none') : null,
    parts: (row?.parts ?? []).map((part) => ({
      name: nameOf(report.names, part.codeId, t.language),
      href: addressOf(`/leaving/reasons/${part.key}`, query),
      n: part.count.toLocaleString(t.language),
      money: money(part.lostMinor),
    })),
  };
}

function card(verbatim: Verbatim, report: LeavingReport, t: Translate): VerbatimCard {
  const name = (codeId: string) => nameOf(report.names, codeId, t.language);
  const [first, ...others] = verbatim.texts;
  const since = verbatim.customerSince
    ? t('reports.verbatim.since', { year: verbatim.customerSince.slice(0, 4) })
    : t('reports.verbatim.customer');
  const worth = formatMoneyWhole(verbatim.worthMinor, report.currency, t.language);
  return {
    first: first ?? { text: '', language: t.language },
    others,
    who: t('reports.verbatim.who', {
      since,
      worth,
      mode: t(`reports.mode.${verbatim.mode}`),
      month: formatMonth(verbatim.submittedAt, t.language),
    }),
    tags: verbatim.codes.map((each) => name(each.codeId)),
    coded: [
      verbatim.coders.length > 0 ? t('reports.verbatim.codedBy', { names: verbatim.coders.join(', ') }) : '',
      verbatim.statedCodeId ? t('reports.verbatim.ticked', { reason: name(verbatim.statedCodeId) }) : '',
    ]
      .filter(Boolean)
      .join(' '),
    customerId: verbatim.customerId,
  };
}
