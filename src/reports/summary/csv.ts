import { csvDocument } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import type { Figure } from '../../retention/index.ts';
import { THREE } from './figures.ts';
import type { MonthSummary } from './deps.ts';

const HEADER = ['row', 'key', 'name', 'value', 'low', 'high', 'base', 'unit', 'lost_a_year', 'currency', 'from', 'to'];

/** The page's figures: shares as fractions with four decimals, money with its decimals. No customer is named. */
export function summaryCsv({ figures }: MonthSummary, language: string): string {
  const { currency, from, to, span, left, before, base, reasons, others, unknown, measures, risk, cases, goals } =
    figures;
  const tail = [currency, from, to];
  const spanned = [currency, span.from, span.to];
  const money = (minor: number) => plainMoney(minor, currency);
  const share = (value: number | null) => (value === null ? '' : value.toFixed(4));
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
  const figure = (row: string, key: string, { value, low, high, base: n, unit }: Figure, name = '') => {
    const written = (each: number | null) => (unit === 'share' ? share(each) : each === null ? '' : money(each));
    return [row, key, name, written(value), written(low), written(high), String(n), unit, '', ...tail];
  };
  return csvDocument(HEADER, [
    counted('left', 'this', left.count, money(left.lostMinor)),
    counted('left', 'before', before.count, money(before.lostMinor)),
    ...reasons.map((row) => [
      ...['reason', row.key, called(row.names), share(row.share), share(row.low), share(row.high), String(base)],
      ...['share', money(row.lostMinor), ...spanned],
    ]),
    counted('others', '', others.count, money(others.lostMinor), spanned),
    counted('unknown', '', unknown.count, money(unknown.lostMinor), spanned),
    ...figures.changes.map(({ reason, about, values }) => [
      ...['change', reason?.key ?? about, called(reason?.names ?? {})],
      ...[values.difference, values.low, values.high].map((value) =>
        about === 'reason' ? share(value) : String(value),
      ),
      ...['', 'difference', '', ...spanned],
    ]),
    ...THREE.map((name) => figure('measure', name, measures[name].now)),
    ...THREE.map((name) => figure('measure_before', name, measures[name].before)),
    ...(risk ? [counted('at_risk', 'customers', risk.customers, money(risk.worthMinor))] : []),
    figure('won_back', '', figures.winback),
    ...(goals ?? []).flatMap(({ id, titles, now }) => (now ? [figure('goal', id, now, called(titles))] : [])),
    ...(['opened', 'closed', 'settled', 'silent', 'open', 'late'] as const).flatMap((key) => {
      const count = cases[key];
      return count === null ? [] : [counted('cases', key, count)];
    }),
  ]);
}
