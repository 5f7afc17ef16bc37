import { csvDocument } from '../../shared/csv.ts';
import type { Share } from '../../shared/statistics.ts';
import type { Group } from './counting.ts';
import { atRiskAt, shareAt, type Churn, type Curve } from './rules.ts';
import type { SurvivalReport } from './report.ts';

const HEADER = [
  'table',
  'key',
  'week',
  'customers',
  'leavers',
  'customer_days',
  'churn_30_days',
  'churn_low',
  'churn_high',
  'stay',
  'stay_low',
  'stay_high',
  'from',
  'to',
];

const digits = (share: number): string => share.toFixed(5);
const cells = (of: Share | null): string[] => (of ? [of.share, of.low, of.high].map(digits) : ['', '', '']);

/**
 * The tables of the page; `stay` is the share still there after a year, in the curves after so many weeks. A curve that
 * begins late has its beginning as a row: later shares are of those who were still there then.
 */
export function survivalCsv(report: SurvivalReport): string {
  const line = (table: string, key: string, of: Churn & { customers: number }, days = ['', '']) => [
    table,
    key,
    '',
    String(of.customers),
    String(of.leavers),
    String(of.customerDays),
    ...cells(of.rate),
    ...cells(of.retention),
    ...days,
  ];
  const { churn, months, everybody, cohorts, comparison } = report;
  return csvDocument(HEADER, [
    line('period', 'all', churn, [churn.period.from, churn.period.to]),
    ...months.map((each) => line('month', each.month, each, [each.period.from, each.period.to])),
    ...cohorts.map((each) => line('joined', each.year, each)),
    ...(comparison
      ? [comparison.a, comparison.b].map((side) => line(comparison.field, side.value ?? 'others', side))
      : []),
    ...(everybody ? curveRows('all', everybody) : []),
    ...cohorts.flatMap(({ year, curve, group }) => (curve ? curveRows(year, { curve, group }) : [])),
    ...(comparison ? [comparison.a, comparison.b].flatMap((side) => curveRows(side.value ?? 'others', side)) : []),
  ]);
}

function curveRows(key: string, { curve, group }: { curve: Curve; group: Group }): string[][] {
  const { from, steps } = curve;
  const atRisk = atRiskAt(group.ticks, from + 1);
  const row = (t: number, risk: number, left: number, of: Share | null) => [
    ...['curve', key, String(t), String(risk), String(left), '', '', '', ''],
    ...cells(of),
    ...['', ''],
  ];
  return [
    ...(from === 0 ? [] : [row(from, atRisk, 0, shareAt(curve, from, atRisk))]),
    ...steps.map((step) => row(step.t, step.atRisk, step.left, step)),
  ];
}
