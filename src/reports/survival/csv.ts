import { csvDocument } from '../../shared/csv.ts';
import type { Share } from '../../shared/statistics.ts';
import type { Churn, Curve } from './rules.ts';
import type { SurvivalReport } from './service.ts';

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

/** The tables of the page; `stay` is the share still there after a year, in the curves after so many weeks. */
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
  const curve = (key: string, { steps }: Curve) =>
    steps.map((step) => [
      'curve',
      key,
      String(step.t),
      String(step.atRisk),
      String(step.left),
      '',
      '',
      '',
      '',
      ...cells(step),
      '',
      '',
    ]);
  const { churn, months, everybody, cohorts, comparison } = report;
  return csvDocument(HEADER, [
    line('period', 'all', churn, [churn.period.from, churn.period.to]),
    ...months.map((each) => line('month', each.month, each, [each.period.from, each.period.to])),
    ...cohorts.map((each) => line('joined', each.year, each)),
    ...(comparison
      ? [comparison.a, comparison.b].map((side) => line(comparison.field, side.value ?? 'others', side))
      : []),
    ...(everybody ? curve('all', everybody.curve) : []),
    ...cohorts.flatMap((each) => (each.curve ? curve(each.year, each.curve) : [])),
    ...(comparison ? [comparison.a, comparison.b].flatMap((side) => curve(side.value ?? 'others', side.curve)) : []),
  ]);
}
