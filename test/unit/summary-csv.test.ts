import { expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import { summaryCsv } from '../../src/reports/summary/csv.ts';
import type { MonthFigures } from '../../src/reports/summary/figures.ts';

const nobody = { count: 0, lostMinor: 0 };
const unknown = { value: null, low: null, high: null, base: 0, unit: 'share' as const };
const none = { now: unknown, before: unknown };

const figures: MonthFigures = {
  version: 1,
  currency: 'EUR',
  from: '2026-10-01',
  to: '2026-10-31',
  left: nobody,
  before: nobody,
  span: { from: '2025-11-01', to: '2026-10-31', left: nobody },
  base: 0,
  basis: 'counted',
  asked: 40,
  answered: 9,
  comingInUntil: '2026-11-14',
  reasons: [],
  others: nobody,
  unknown: nobody,
  changes: [
    {
      key: 'changes.leavers.up',
      about: 'leavers',
      direction: 'up',
      reason: null,
      values: { before: 89, now: 133, difference: 44, low: 14.797194343794708, high: 73.2028056562053 },
    },
    {
      key: 'changes.money.up',
      about: 'money',
      direction: 'up',
      reason: null,
      values: { before: 100_000, now: 220_050, difference: 120_050, low: 20_049.5001, high: 220_050.49 },
    },
    {
      key: 'changes.reason.down',
      about: 'reason',
      direction: 'down',
      reason: { key: 'price', codeId: 'one', names: { en: 'Price' } },
      values: { before: 0.3, now: 0.1, difference: -0.2, low: -0.31234567, high: -0.1 },
    },
  ],
  measures: { service: none, satisfaction: none, retention: none },
  risk: { customers: 3, worthMinor: 90_000, atRiskMinor: 30_010, top: [] },
  winback: unknown,
  goals: null,
  cases: { opened: 0, closed: 0, settled: 0, silent: 0, rate: null, open: null, late: null },
};

test('the file of a month has whole customers, money with its decimals, and shares with four', () => {
  const csv = summaryCsv({ month: '2026-10', state: 'kept', computedAt: '2026-11-02T07:00:00.000Z', figures }, 'en');
  const rows: Record<string, string>[] = parse(csv, { columns: true, bom: true });
  const written = (row: string) =>
    rows.filter((each) => each.row === row).map(({ value, low, high }) => [value, low, high]);
  expect(written('change')).toEqual([
    ['44', '15', '73'],
    ['1200.50', '200.50', '2200.50'],
    ['-0.2000', '-0.3123', '-0.1000'],
  ]);
  const [answered] = rows.filter(({ row }) => row === 'answered');
  expect(answered).toMatchObject({ value: '0.2250', base: '40', coming_in_until: '2026-11-14' });
  expect(
    rows.filter(({ row }) => row === 'at_risk').map(({ key, value, lost_a_year: money }) => [key, value, money]),
  ).toEqual([
    ['customers', '3', '900.00'],
    ['weighed_by_chance', '3', '300.10'],
  ]);
});
