import { formatShare, type Translate } from '../i18n/index.ts';
import { decimalsOf, formatMoney, formatMoneyWhole } from '../shared/money.ts';
import { askedNotes, asRead, moneyFormat, nameOf, type PlainLine } from './common-views.ts';
import { addressOf, filterForm, filters, narrowedTo, type FilterForm, type FilterValues } from './filter-views.ts';
import { about, basisView, coveredNotes, type BasisView } from './estimate-views.ts';
import type { CodedShare, ReasonRow } from './leaving-rules.ts';
import { periodWords } from './period-views.ts';
import { trustIn } from './rules.ts';
import type { LeavingQuery, LeavingReport, WholeReport } from './service.ts';
import { changedView, differencesView, weightedView, type ChangedView } from './changes/views.ts';
import { crossLinks } from './crosses/views.ts';
import { trendView, type TrendView } from './trend/views.ts';
import type { CompetitorsNamed } from '../coding/index.ts';
import { OTHER } from '../questionnaires/index.ts';
import { bar, spoken, strong, type ShareBar, type Spoken, type Staff } from '../web/index.ts';
import { wordsView, type VerbatimsFound, type WordsView } from './verbatims-views.ts';
import { reportTabs, type ReportTabs } from './tabs.ts';

interface ReasonLine {
  href: string;
  name: string;
  /** Where much is other than what the codebook knows: what those answers have in common. */
  themes: string | null;
  bar: ShareBar | null;
  share: string;
  interval: string;
  n: string;
  stated: string;
  statedInterval: string;
  money: string;
  moneyInterval: string;
  running: string;
  weighted: string;
  /** Against the period that this one is compared with. */
  difference: { step: string; interval: string } | null;
}

export interface LeavingView extends ReportTabs {
  lead: Spoken;
  /** Whom it is about; null where it is everybody. */
  only: string | null;
  filters: FilterForm;
  empty: string | null;
  basis: BasisView | null;
  key: string;
  /** The class of the bars' colour in the legend. */
  keyColour: string;
  axis: string[];
  reasons: ReasonLine[];
  unknown: { n: string; money: string; running: string; parts: PlainLine[] } | null;
  total: { n: string; money: string };
  notes: string[];
  warning: string | null;
  csv: string;
  changed: ChangedView;
  hasDifferences: boolean;
  weightedWarning: string | null;
  trend: TrendView | null;
  crosses: { href: string; text: string }[];
  words: WordsView | null;
  /** Whom customers name in their answers. */
  competitors: string | null;
}

declare module '../web/render.ts' {
  interface Templates {
    'reports/leaving': LeavingView;
    'reports/changed': ChangedView;
    'reports/leaving-trend': TrendView;
  }
}

/** What stands beside the figures: whom customers name, and what those wrote whose reason cost most. */
interface Beside {
  named: CompetitorsNamed | null;
  words: VerbatimsFound | null;
}

export function leavingView(
  whole: WholeReport,
  { named, words }: Beside,
  query: LeavingQuery,
  values: FilterValues,
  reader: Pick<Staff, 'role' | 't'>,
): LeavingView {
  const { t } = reader;
  const report = asRead(whole);
  const money = moneyFormat(report, t);
  const count = (n: number) => n.toLocaleString(t.language);
  const { unknown } = report;
  const axis = axisOf(report.reasons);
  const weighted = weightedView(report, t);
  const differences = differencesView(report, t);
  return {
    ...reportTabs('/leaving', reader),
    lead: spoken(lead(report, t)),
    only: narrowedTo(query, t),
    filters: filterForm('/leaving', query, filters(query, values, t)),
    empty:
      report.leavers === 0
        ? t(Object.values(query).some(Boolean) ? 'reports.leaving.noneHere' : 'reports.leaving.none')
        : null,
    basis: basisView(report, query, t),
    keyColour: isHint(report) || trustIn(report.base) === 'indicative' ? 'k0' : 'k1',
    key: t(`reports.leaving.key.${report.basis === 'counted' ? 'coded' : report.basis}`),
    axis: ['0', count(axis / 2), formatShare(axis / 100, t.language)],
    reasons: report.reasons.map((row) => ({
      ...reasonLine(row, report, query, axis, money, t),
      weighted: weighted?.shares.get(row.codeId) ?? '',
      difference: differences.get(row.codeId) ?? null,
    })),
    unknown: {
      n: about(report, unknown.count, t),
      money: money(unknown.lostMinor),
      running: money(unknown.runningMinor),
      parts: unknown.parts.map((part) => ({
        name: t(`reports.unknown.${part.knowledge}`),
        href: part.knowledge === 'not_coded' && part.count > 0 ? '/answers' : '',
        n: part.knowledge === 'does_not_know' ? about(report, part.count, t) : count(part.count),
        money: money(part.lostMinor),
      })),
    },
    total: { n: count(report.leavers), money: money(report.lostMinor) },
    notes: [...notes(report, whole.comingInUntil, t), ...(weighted ? [weighted.note] : [])],
    changed: changedView(report, t),
    hasDifferences: differences.size > 0,
    weightedWarning: weighted?.warning ?? null,
    trend: trendView(report, query, t),
    crosses: crossLinks(query, t),
    words: words && words.rows.length > 0 ? wordsView(report, query, words, t) : null,
    competitors: named && named.rows.length > 0 ? competitorsLine(named, t) : null,
    warning: warning(report, t),
    csv: addressOf('/leaving.csv', query),
  };
}

const MOST_NAMED = 5;

function competitorsLine({ base, rows }: CompetitorsNamed, t: Translate): string {
  const names = rows
    .slice(0, MOST_NAMED)
    .map(({ name, responses }) => `${name} (${responses.toLocaleString(t.language)})`);
  return t('changes.competitors', {
    count: rows.length,
    names: names.join(', '),
    base: base.toLocaleString(t.language),
  });
}

function lead(report: WholeReport, t: Translate): string {
  const { returned } = report;
  // Other pages count them among those who left.
  const more = returned > 0 ? ` ${t('reports.leaving.lead.returned', { count: returned })}` : '';
  return gone(report, t) + more;
}

function gone(report: LeavingReport, t: Translate): string {
  const { kind, ...days } = periodWords(report.period, t);
  // That no worth is on record is told above the table.
  return t(`reports.leaving.lead.${report.lostMinor === 0 ? 'noMoney.' : ''}${kind}`, {
    ...days,
    count: report.leavers,
    money: strong(inWords(report.lostMinor, report.currency, t)),
    known: strong(about(report, report.base, t)),
  });
}

/** A sentence names a whole sum without its decimals; one that has some keeps them, as the table does. */
function inWords(minor: number, currency: string, t: Translate): string {
  const whole = minor % 10 ** decimalsOf(currency) === 0;
  return (whole ? formatMoneyWhole : formatMoney)(minor, currency, t.language);
}

function notes(report: LeavingReport, comingInUntil: string | null, t: Translate): string[] {
  return [
    ...coveredNotes(report, t),
    t('reports.leaving.note.stated', { count: report.statedBase }),
    t('reports.leaving.note.money'),
    ...(report.audit ? [t('reports.leaving.note.moneyEstimated')] : []),
    ...askedNotes(report, comingInUntil, t),
  ];
}

function warning(report: LeavingReport, t: Translate): string | null {
  if (report.leavers === 0) return null;
  if (report.lostMinor === 0) return t('reports.leaving.noMoney');
  const trust = trustIn(report.base);
  if (trust === 'sound') return null;
  if (trust === 'indicative') return t('reports.leaving.indicative', { count: report.base });
  return t(report.audit ? 'reports.leaving.tooFewRead' : 'reports.leaving.tooFew', { count: report.base });
}

/** The axis ends at the next ten per cent above the widest interval, at least at 20. */
function axisOf(rows: ReasonRow[]): number {
  const widest = Math.max(
    0.2,
    ...rows.map((row) => (row.count > 0 ? (row.coded.high ?? row.coded.share) : 0)),
    ...rows.map((row) => row.stated?.share ?? 0),
  );
  return Math.min(100, Math.ceil(widest * 5) * 20);
}

/** From this share on the reasons of the codebook leave too much unsaid. */
const MUCH_OTHER = 0.15;

function reasonLine(
  row: ReasonRow,
  report: LeavingReport,
  query: LeavingQuery,
  axis: number,
  money: (minor: number) => string,
  t: Translate,
): Omit<ReasonLine, 'weighted' | 'difference'> {
  const trust = trustIn(report.base);
  const few = trust === 'too_few';
  const whole = (minor: number) => Math.round(minor / 10 ** decimalsOf(report.currency)).toLocaleString(t.language);
  const statedFew = trustIn(report.statedBase) === 'too_few' || row.stated === null;
  return {
    href: addressOf(`/leaving/reasons/${row.key}`, query),
    name: nameOf(report.names, row.codeId, t.language),
    themes: row.key === OTHER && row.coded.share >= MUCH_OTHER ? '/codebook/leaving/themes' : null,
    bar: few ? null : barOf(row, axis, trust === 'indicative' || isHint(report), statedFew),
    share: few ? t('reports.tooFew') : formatShare(row.coded.share, t.language),
    interval: few ? '' : (interval(row.coded, t) ?? t('reports.basis.noInterval')),
    n: about(report, row.count, t),
    stated: statedFew || !row.stated ? t('reports.tooFew') : formatShare(row.stated.share, t.language),
    statedInterval: statedFew || !row.stated ? '' : (interval(row.stated, t) ?? ''),
    money: money(row.lostMinor),
    moneyInterval: row.lost ? `(${whole(row.lost.lowMinor)}–${whole(row.lost.highMinor)})` : '',
    running: money(row.runningMinor),
  };
}

/** An estimate that has still to be marked. */
const isHint = ({ basis }: LeavingReport): boolean => basis === 'few' || basis === 'unverified';

function interval({ low, high }: CodedShare, t: Translate): string | null {
  if (low === null || high === null) return null;
  const whole = (share: number) => Math.round(share * 100).toLocaleString(t.language);
  return `(${whole(low)}–${whole(high)})`;
}

function barOf(row: ReasonRow, axis: number, grey: boolean, statedFew: boolean): ShareBar {
  const { share, low, high } = row.coded;
  return bar({ share, low, high, axis, grey, beside: statedFew || !row.stated ? 0 : row.stated.share });
}
