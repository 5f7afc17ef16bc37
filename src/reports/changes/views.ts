import { formatDay, formatShare, type Translate } from '../../i18n/index.ts';
import { nameOf } from '../common-views.ts';
import type { CodedShare } from '../leaving-rules.ts';
import { trustIn } from '../rules.ts';
import type { WholeReport } from '../service.ts';
import { changeStep, changeText, points } from './texts.ts';

export interface ChangedView {
  items: { step: string; text: string }[];
  /** What is said where nothing is told from chance, or cannot be. */
  none: string | null;
  notes: string[];
}

export function changedView(report: WholeReport, t: Translate): ChangedView {
  const { compared, changed, currency } = report;
  const items = changed.changes.map((change) => ({
    step: changeStep(change, currency, t),
    text: changeText(change, currency, t),
  }));
  if (!compared) return { items, none: t('changes.noBefore'), notes: [] };
  return { items, none: items.length > 0 ? null : nothing(report, t), notes: notes(report, t) };
}

function nothing(report: WholeReport, t: Translate): string {
  const { compared, changed, base } = report;
  const before = compared?.figures.base ?? 0;
  if (compared && compared.differences.size > 0) return t('changes.none');
  const few = [base, before].some((n) => trustIn(n) !== 'sound');
  const why = few ? t('changes.tooFew', { now: base, before }) : t('changes.unchecked');
  return changed.tested > 0 ? `${t('changes.noneOfTotals')} ${why}` : why;
}

function notes(report: WholeReport, t: Translate): string[] {
  const { compared, changed } = report;
  if (!compared) return [];
  const { period, figures, differences, codebookChanged, comparison } = compared;
  const day = (text: string) => formatDay(text, t.language);
  const between = { from: day(period.from), to: day(period.to), count: figures.base };
  return [
    t(`changes.note.${comparison}`, between),
    ...(changed.tested > 0 ? [t('changes.note.tested', { count: changed.tested })] : []),
    ...(changed.tested > differences.size ? [t('changes.note.totals')] : []),
    ...(report.audit && differences.size > 0 ? [t('changes.note.estimated')] : []),
    ...(codebookChanged.length > 0 ? [t('changes.note.codebook', { days: codebookChanged.map(day).join(', ') })] : []),
  ];
}

/** '+10.7 (+4.6 to +16.7)' for each reason, by the id of its code. */
export function differencesView(
  { compared }: WholeReport,
  t: Translate,
): Map<string, { step: string; interval: string }> {
  const shown = [...(compared?.differences ?? [])].map(([codeId, { difference, low, high }]) => {
    const interval = t('changes.interval', { low: points(low, t.language), high: points(high, t.language) });
    return [codeId, { step: points(difference, t.language), interval }] as const;
  });
  return new Map(shown);
}

interface WeightedView {
  /** 'weighted 25 % (20–31)' by the id of a reason's code. */
  shares: Map<string, string>;
  note: string;
  warning: string | null;
}

export function weightedView(report: WholeReport, t: Translate): WeightedView | null {
  const { weighted } = report;
  if (!weighted) return null;
  const names = weighted.differing.map((codeId) => nameOf(report.names, codeId, t.language));
  const said = ({ share, low, high }: CodedShare) => {
    const whole = (value: number) => Math.round(value * 100).toLocaleString(t.language);
    const interval = low === null || high === null ? '' : `(${whole(low)}–${whole(high)})`;
    return t('changes.weighted', { share: formatShare(share, t.language), interval });
  };
  return {
    shares: new Map([...weighted.shares].map(([codeId, share]) => [codeId, said(share)])),
    note: t('changes.weighted.note', { count: Math.round(weighted.effective) }),
    warning: names.length > 0 ? t('changes.weighted.warning', { reasons: names.join(', ') }) : null,
  };
}
