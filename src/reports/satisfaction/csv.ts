import { narrowedDocument, type Narrowed } from '../narrowed.ts';
import type { SatisfactionReport } from './report.ts';
import { textIn } from './wording.ts';

const HEADER = [
  'row',
  'part',
  'key',
  'name',
  'question',
  'n',
  'base',
  'share',
  'low',
  'high',
  'basis',
  'audited',
  'told',
  'from',
  'to',
];

type Cells = Partial<Record<(typeof HEADER)[number], string | number | null>>;
interface Interval {
  share?: number;
  difference?: number;
  low: number | null;
  high: number | null;
}

const digits = (value: number | null | undefined): string =>
  value === null || value === undefined ? '' : value.toFixed(4);
const figures = (of: Interval | null) =>
  of ? { share: digits(of.share ?? of.difference), low: digits(of.low), high: digits(of.high) } : {};

/**
 * What the page shows, a figure a row; `row` says which. Shares and differences of shares are fractions with four decimals;
 * rows `goes_with` hold differences of mean scores.
 */
export function satisfactionCsv(report: SatisfactionReport, narrowed: Narrowed, language: string): string {
  const rows = [
    ...measureRows(report),
    ...momentRows(report),
    ...themeRows(report, language),
    ...lowRows(report, language),
  ];
  const { from, to } = report.period;
  return narrowedDocument(
    HEADER,
    rows.map((row) => HEADER.map((name) => ({ from, to, ...row })[name])),
    narrowed,
  );
}

function measureRows({ measures, previous }: SatisfactionReport): Cells[] {
  return measures.flatMap(({ measure: key, base, share, before, change, trend }) => [
    { row: 'measure', key, base, ...figures(share) },
    ...(before && previous ? [{ row: 'before', key, base: before.base, ...figures(before.share), ...previous }] : []),
    ...(change ? [{ row: 'change', key, ...figures(change) }] : []),
    ...trend.points.map((point) => ({
      row: `trend_${trend.grain}`,
      key,
      name: point.month,
      base: point.base,
      ...figures(point.share),
    })),
  ]);
}

function momentRows({ moments, gap, pairs, recommending }: SatisfactionReport): Cells[] {
  return [
    ...moments.flatMap(({ moment, good, base, share, change }) => [
      { row: 'moment', part: moment, n: good, base, ...figures(share) },
      ...(change ? [{ row: 'change', part: moment, ...figures(change) }] : []),
    ]),
    ...(gap ? [{ row: 'gap', ...figures(gap) }] : []),
    ...Object.entries(pairs).map(([key, n]) => ({ row: 'expected', key, n })),
    ...recommending.flatMap(({ part, base, promoters, passives, detractors, nps, low, high }) => [
      { row: 'nps', part, base, ...figures({ share: nps, low, high }) },
      ...Object.entries({ promoters, passives, detractors }).map(([key, n]) => ({
        row: 'nps_group',
        part,
        key,
        n,
        base,
      })),
    ]),
  ];
}

function themeRows({ questions }: SatisfactionReport, language: string): Cells[] {
  return questions.flatMap(({ part, questionKey: question, base, basis, audited, themes }) =>
    themes.flatMap((theme) => {
      const about = { part, question, key: theme.key, name: textIn(theme.name, language) };
      return [
        { row: 'theme', ...about, n: theme.count, base: Math.round(base), ...figures(theme), basis, audited },
        ...(theme.change ? [{ row: 'change', ...about, ...figures(theme.change) }] : []),
      ];
    }),
  );
}

function lowRows({ low }: SatisfactionReport, language: string): Cells[] {
  return (low?.themes ?? []).map((theme) => ({
    row: 'goes_with',
    part: 'satisfaction',
    question: theme.questionKey,
    key: theme.key,
    name: textIn(theme.name, language),
    n: theme.carrying,
    base: theme.carrying + theme.others,
    ...figures(theme),
    told: theme.told ? 1 : 0,
    ...low?.period,
  }));
}
