import { formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import { barLine, tableOf, type BarLine, type LinesView, type Writing } from '../line-views.ts';
import type { EffectReport } from './report.ts';

/** Rates that no chance decided: they describe. */
export function rateSentences({ rates }: EffectReport, t: Translate): string[] {
  const { lost, attempted, wonBack, cameBack, ofAttempted, ofLost } = rates;
  const said = (share: Share | null) => {
    const range = share && `(${formatShare(share.low, t.language)}–${formatShare(share.high, t.language)})`;
    return { share: share ? formatShare(share.share, t.language) : '', range: range ?? '' };
  };
  return [
    ofAttempted && attempted >= 10
      ? t('effect.rate.ofAttempted', { ...said(ofAttempted), back: wonBack, attempted })
      : '',
    ofAttempted && attempted < 10 ? t('effect.rate.few', { count: attempted }) : '',
    ofLost && attempted > 0 ? t('effect.rate.ofLost', { ...said(ofLost), back: wonBack, lost }) : '',
    cameBack > wonBack ? t('effect.rate.alone', { count: cameBack - wonBack }) : '',
    attempted > 0 || cameBack > 0 ? t('effect.rate.note') : '',
  ].filter(Boolean);
}

/** By reason, offer and colleague: described, not compared. */
export interface DescribedView {
  title: string;
  table: LinesView | null;
  /** What opens the table where no row has enough for a rate. */
  fold: string | null;
  none: string;
}

interface Part {
  by: 'reason' | 'offer' | 'colleague';
  who: string;
  columns: string[];
  lines: BarLine[];
}

export function describedViews(report: EffectReport, write: Writing): DescribedView[] {
  return [byReason(report, write), byOffer(report, write), byColleague(report, write)].map((part) =>
    partView(part, write),
  );
}

function partView({ by, lines, ...heading }: Part, write: Writing): DescribedView {
  const title = write.t(`effect.by.${by}`);
  return {
    title,
    table: lines.length === 0 ? null : tableOf(write, { title, hidden: true, ...heading }, lines),
    fold: lines.every(({ bar }) => bar === null) ? write.t('effect.described.few') : null,
    none: write.t(`effect.none.${by}`),
  };
}

function line(
  name: string,
  { back, base }: { back: number; base: number },
  write: Writing,
  more: string[] = [],
): BarLine {
  return { ...barLine(name, base === 0 ? null : wilson(back, base), back, base, write), more };
}

function byReason({ reasons }: EffectReport, write: Writing): Part {
  const { t } = write;
  const lines = reasons.map(({ key, name, wonBack, attempted, lost }) =>
    line(key === '' ? t('effect.unknown') : named(name, t), { back: wonBack, base: attempted }, write, [
      formatNumber(lost, t.language),
    ]),
  );
  return { by: 'reason', who: t('reports.column.reason'), columns: [t('effect.column.lost')], lines };
}

function byOffer({ offers }: EffectReport, write: Writing): Part {
  const { t, money } = write;
  const lines = offers.map(({ name, back, given, redeemed, usedMinor }) =>
    line(named(name, t), { back, base: given }, write, [formatNumber(redeemed, t.language), money(usedMinor)]),
  );
  const columns = [t('effect.column.redeemed'), t('effect.column.cost')];
  return { by: 'offer', who: t('effect.column.offer'), columns, lines };
}

function byColleague({ colleagues }: EffectReport, write: Writing): Part {
  const { t } = write;
  const lines = colleagues.map(({ id, name, wonBack, attempted }) =>
    line(id === '' ? t('effect.lettersOnly') : name, { back: wonBack, base: attempted }, write),
  );
  return { by: 'colleague', who: t('effect.column.colleague'), columns: [], lines };
}

const named = (name: Record<string, string>, { language }: Translate): string =>
  name[language] || name.en || Object.values(name).find(Boolean) || '';
