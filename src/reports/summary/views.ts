import { formatMonth, formatMoment } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import { axisMarks, axisOf, shareBar, type ShareBar, type Staff } from '../../web/index.ts';
import { reportTabs, type ReportTabs } from '../tabs.ts';
import { monthsLater } from './month.ts';
import type { MonthSummary } from './deps.ts';
import { monthWords, type MonthWords } from './words.ts';

interface ReasonLine extends Omit<MonthWords['reasons'][number], 'key'> {
  href: string;
  bar: ShareBar | null;
}

export interface SummaryView extends ReportTabs, Omit<MonthWords, 'reasons'> {
  month: string;
  /** For the choice of another month: the newest first. */
  months: { value: string; text: string; selected: boolean }[];
  earlier: { href: string; text: string };
  later: { href: string; text: string } | null;
  reasons: ReasonLine[];
  axis: string[];
  hasLeavers: boolean;
  leaving: string;
  customers: { href: string; name: string; money: string }[];
  note: string;
  csv: string;
}

declare module '../../web/render.ts' {
  interface Templates {
    'reports/summary': SummaryView;
  }
}

/** Offered in the choice of months. */
const MOST_MONTHS = 24;

const address = (month: string): string => `/summary?month=${month}`;

/** @param names of the customers at risk, by id; whoever has been erased has none, and is left out */
export function summaryView(
  summary: MonthSummary,
  current: string,
  names: Map<string, string>,
  reader: Pick<Staff, 'role' | 't' | 'timeZone'>,
): SummaryView {
  const { t, timeZone } = reader;
  const { month, state, computedAt, figures } = summary;
  const words = monthWords(summary, t);
  const axis = axisOf(figures.reasons.map((row) => row.high ?? row.share));
  const link = (to: string) => ({ href: address(to), text: formatMonth(to, t.language) });
  const within = `from=${figures.span.from}&to=${figures.span.to}`;
  return {
    ...reportTabs('/summary', reader),
    ...words,
    title: headingOf(words.title, t.language),
    month,
    months: monthsUpTo(current, month).map((value) => ({
      value,
      text: formatMonth(value, t.language),
      selected: value === month,
    })),
    earlier: link(monthsLater(month, -1)),
    later: month < current ? link(monthsLater(month, 1)) : null,
    reasons: words.reasons.map((row, i) => ({
      ...row,
      href: `/leaving/reasons/${row.key}?${within}`,
      bar: barOf(figures, i, axis),
    })),
    axis: axisMarks(axis, t.language),
    hasLeavers: figures.span.left.count > 0,
    leaving: `/leaving?${within}`,
    customers: (figures.risk?.top ?? []).flatMap(({ id, worthMinor }) => {
      const name = names.get(id);
      return name === undefined
        ? []
        : [{ href: `/customers/${id}`, name, money: formatMoneyWhole(worthMinor, figures.currency, t.language) }];
    }),
    note: t(`summary.state.${state}`, { at: formatMoment(computedAt, t.language, timeZone) }),
    csv: `/summary.csv?month=${month}`,
  };
}

/** Months are written small in Dutch and Norwegian, but not at the head of a page. */
const headingOf = (words: string, language: string): string =>
  words.charAt(0).toLocaleUpperCase(language) + words.slice(1);

/** The last two years, and the month that is shown where it is older. */
function monthsUpTo(current: string, shown: string): string[] {
  const months = Array.from({ length: MOST_MONTHS }, (_, i) => monthsLater(current, -i));
  return months.includes(shown) ? months : [...months, shown];
}

function barOf({ reasons, base }: MonthSummary['figures'], i: number, axis: number): ShareBar | null {
  const row = reasons[i];
  return row ? shareBar({ share: row.share, low: row.low, high: row.high, base: Math.round(base), axis }) : null;
}
