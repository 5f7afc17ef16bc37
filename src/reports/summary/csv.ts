import { csvDocument } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import type { Figure } from '../../retention/index.ts';
import type { Change } from '../changes/change.ts';
import { periodOf } from '../rules.ts';
import { THREE } from './figures.ts';
import type { MonthSummary } from './deps.ts';
import { sameDaysBefore } from './month.ts';

const HEADER = [
  ...['row', 'key', 'name', 'value', 'low', 'high', 'base', 'unit', 'lost_a_year', 'currency', 'from', 'to'],
  'coming_in_until',
];

/** The page's figures: shares as fractions with four decimals, money with its decimals. No customer is named. */
export function summaryCsv({ month, figures }: MonthSummary, language: string): string {
  const { currency, from, to, span, left, before, base, reasons, others, unknown, measures, risk, cases, goals } =
    figures;
  const { asked, answered, comingInUntil } = figures;
  const tail = [currency, from, to];
  const spanned = [currency, span.from, span.to];
  const earlier = sameDaysBefore(month, to);
  const yearTo = (day: string) => [currency, periodOf('12m', day, {}).from, day];
  const money = (minor: number) => plainMoney(minor, currency);
  const share = (value: number | null) => (value === null ? '' : value.toFixed(4));
  const difference = (about: Change['about'], value: number) => {
    if (about === 'reason') return share(value);
    return about === 'money' ? money(Math.round(value)) : String(Math.round(value));
  };
  const called = (names: Record<string, string>) => names[language] || names.en || Object.values(names)[0] || '';
  const counted = (row: string, key: string, count: number, lost = '', within = tail) => [
    row,
    key,
    '',
    String(count),
    '',
    '',
    '',
    'count',
    lost,
    ...within,
  ];
  const figure = (row: string, key: string, { value, low, high, base: n, unit }: Figure, day = to, name = '') => {
    const written = (each: number | null) => (unit === 'share' ? share(each) : each === null ? '' : money(each));
    return [row, key, name, written(value), written(low), written(high), String(n), unit, '', ...yearTo(day)];
  };
  const rows = [
    counted('left', 'this', left.count, money(left.lostMinor)),
    counted('left', 'before', before.count, money(before.lostMinor), [currency, earlier.from, earlier.to]),
    ...reasons.map((row) => [
      ...['reason', row.key, called(row.names), share(row.share), share(row.low), share(row.high), String(base)],
      ...['share', money(row.lostMinor), ...spanned],
    ]),
    counted('others', '', others.count, money(others.lostMinor), spanned),
    counted('unknown', '', unknown.count, money(unknown.lostMinor), spanned),
    [
      ...['answered', 'all', '', share(asked === 0 ? null : answered / asked), '', '', String(asked), 'share', ''],
      ...[...spanned, comingInUntil ?? ''],
    ],
    ...figures.changes.map(({ reason, about, values }) => [
      ...['change', reason?.key ?? about, called(reason?.names ?? {})],
      ...[values.difference, values.low, values.high].map((value) => difference(about, value)),
      ...['', 'difference', '', ...spanned],
    ]),
    ...THREE.map((name) => figure('measure', name, measures[name].now)),
    ...THREE.map((name) => figure('measure_before', name, measures[name].before, earlier.to)),
    ...(risk
      ? [
          counted('at_risk', 'customers', risk.customers, money(risk.worthMinor)),
          counted('at_risk', 'weighed_by_chance', risk.customers, money(risk.atRiskMinor)),
        ]
      : []),
    figure('won_back', '', figures.winback),
    ...(goals ?? []).flatMap(({ id, titles, now }) => (now ? [figure('goal', id, now, to, called(titles))] : [])),
    ...(['opened', 'closed', 'settled', 'silent', 'open', 'late'] as const).flatMap((key) => {
      const count = cases[key];
      return count === null ? [] : [counted('cases', key, count)];
    }),
  ];
  return csvDocument(
    HEADER,
    rows.map((cells) => [...cells, ...Array<string>(HEADER.length - cells.length).fill('')]),
  );
}
