import { csvDocument } from '../../shared/csv.ts';
import type { Share } from '../../shared/statistics.ts';
import { A_YEAR, type Comparison } from './comparing.ts';
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
  'p',
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
  const lines = [
    line('period', 'all', churn, [churn.period.from, churn.period.to]),
    ...months.map((each) => line('month', each.month, each, [each.period.from, each.period.to])),
    ...cohorts.map((each) => line('joined', each.year, each)),
    ...(comparison
      ? [comparison.a, comparison.b].map((side) => line(comparison.field, side.value ?? 'others', side))
      : []),
    ...(everybody ? curveRows('all', everybody) : []),
    ...cohorts.flatMap(({ year, curve, group }) => (curve ? curveRows(year, { curve, group }) : [])),
    ...(comparison ? [comparison.a, comparison.b].flatMap((side) => curveRows(side.value ?? 'others', side)) : []),
  ];
  return csvDocument(HEADER, [
    ...lines.map((cells) => [...cells, '']),
    ...(comparison ? [differenceRow(comparison)] : []),
  ]);
}

/** The first group less the second: who is still there after a year, and how likely chance makes curves as different (log-rank). */
function differenceRow({ a, b, afterYear, test }: Comparison): string[] {
  const { difference, low, high } = afterYear?.difference ?? {};
  const written = (share: number | null | undefined) => (typeof share === 'number' ? digits(share) : '');
  return [
    ...['difference', `${a.value} / ${b.value ?? 'others'}`, String(A_YEAR), '', '', '', '', '', ''],
    ...[difference, low, high].map(written),
    ...['', '', written(test.p)],
  ];
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
