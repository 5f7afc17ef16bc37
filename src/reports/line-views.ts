import { formatShare, type Translate } from '../i18n/index.ts';
import type { Share } from '../shared/statistics.ts';
import { axisMarks, shareBar, type ShareBar } from '../web/charts.ts';
import { trustIn } from './rules.ts';

/** A share with its bar: a row of a table. */
export interface BarLine {
  name: string;
  bar: ShareBar | null;
  share: string;
  interval: string;
  /** "12 of 40" */
  of: string;
  note: string;
  /** Further columns. */
  more: string[];
}

/** A table of shares with their bars. */
export interface LinesView {
  title: string;
  /** A heading above says the same. */
  hidden: boolean;
  who: string;
  share: string;
  of: string;
  columns: string[];
  axis: string[];
  lines: BarLine[];
}

declare module '../web/render.ts' {
  interface Templates {
    'reports/effect-lines': LinesView;
  }
}

/** How figures are written, and how wide the axis of all bars on a page is, in per cent. */
export interface Writing {
  t: Translate;
  axis: number;
  money(minor: number): string;
}

/** A row: below a base of 10 it says that there are too few, below 30 it is grey. */
export function barLine(name: string, of: Share | null, k: number, base: number, { t, axis }: Writing): BarLine {
  const trust = trustIn(base);
  const whole = (share: number) => Math.round(share * 100).toLocaleString(t.language);
  const told = of !== null && trust !== 'too_few';
  return {
    name,
    bar: told ? shareBar({ ...of, base, axis }) : null,
    share: told ? formatShare(of.share, t.language) : t('reports.tooFew'),
    interval: told ? `(${whole(of.low)}–${whole(of.high)})` : '',
    of: t('effect.of', { count: k, base }),
    note: told && trust === 'indicative' ? t('charts.indicative') : '',
    more: [],
  };
}

interface Heading {
  title: string;
  who: string;
  /** What the share is of: came back, unless told. */
  share?: string;
  hidden?: boolean;
  columns?: string[];
}

export function tableOf(
  { t, axis }: Writing,
  { hidden = false, columns = [], share = t('effect.column.back'), ...heading }: Heading,
  lines: BarLine[],
): LinesView {
  return { ...heading, hidden, columns, share, of: t('effect.column.of'), axis: axisMarks(axis, t.language), lines };
}
