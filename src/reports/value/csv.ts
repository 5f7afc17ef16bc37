import { csvDocument } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import { nameOf } from '../common-views.ts';
import type { Night } from './night.ts';
import type { ValueReport } from './report.ts';

const HEADER = [
  'section',
  'key',
  'name',
  'n',
  'spend_or_loss_a_year',
  'lifetime_value',
  'lifetime_low',
  'lifetime_high',
  'value',
  'standard_error',
  'currency',
  'from',
  'to',
];

/** A row of the file; amounts in minor units. */
interface Line {
  section: string;
  key: string;
  name?: string;
  n?: number;
  yearlyMinor?: number;
  lifetimeMinor?: number;
  lowMinor?: number;
  highMinor?: number;
  value?: number;
  error?: number | null;
}

/** The tables of the page: customers of today and who left in the period; money with its decimals, the rest as numbers. */
export function valueCsv(report: ValueReport, language: string): string {
  const { night } = report;
  const lines = [
    ...(night ? customerLines(night.facts) : []),
    ...lostLines(report, language),
    ...calculatorLines(report),
    ...(night?.parameters ? modelLines(night.parameters) : []),
  ];
  return csvDocument(
    HEADER,
    lines.map((line) => cells(line, report)),
  );
}

const customerLines = ({ active, segments, bands }: Night['facts']): Line[] => [
  {
    section: 'customers',
    key: 'all',
    n: active.count,
    yearlyMinor: active.spendMinor,
    lifetimeMinor: active.lifetimeMinor,
  },
  ...segments.map(({ segment, count, spendMinor, lifetimeMinor }) => ({
    section: 'customers_segment',
    key: segment,
    name: segment,
    n: count,
    yearlyMinor: spendMinor,
    lifetimeMinor,
  })),
  ...bands.map(({ count, sumMinor, lowMinor, highMinor }, i) => ({
    section: 'customers_tenth',
    key: String(i + 1),
    n: count,
    lifetimeMinor: sumMinor,
    lowMinor,
    highMinor,
  })),
];

const lostLines = ({ lost, leaving }: ValueReport, language: string): Line[] => [
  { section: 'lost', key: 'all', n: lost.leavers, yearlyMinor: lost.minor },
  ...lost.segments.map(({ segment, count, lostMinor }) => ({
    section: 'lost_segment',
    key: segment,
    name: segment,
    n: count,
    yearlyMinor: lostMinor,
  })),
  ...leaving.reasons.map(({ key, codeId, count, lostMinor }) => ({
    section: 'lost_reason',
    key,
    name: nameOf(leaving.names, codeId, language),
    n: count,
    yearlyMinor: lostMinor,
  })),
  { section: 'lost_reason', key: 'unknown', n: leaving.unknown.count, yearlyMinor: leaving.unknown.lostMinor },
];

function calculatorLines({ given, worked }: ValueReport): Line[] {
  const { most, point } = worked;
  const lines: Omit<Line, 'section'>[] = [
    { key: 'customers', value: given.customers },
    { key: 'share_lost', value: given.shareLost },
    { key: 'yearly_spend', yearlyMinor: given.spendMinor },
    { key: 'margin', value: given.margin },
    { key: 'discount', value: given.discount },
    { key: 'lost_in_a_year', yearlyMinor: worked.lostMinor },
    { key: 'lifetime_to_come', lifetimeMinor: worked.lifetime.each },
    { key: 'lifetime_from_now', lifetimeMinor: worked.fromNow.each },
    { key: 'lifetime_undiscounted', lifetimeMinor: worked.undiscounted.each },
    { key: 'most_for_keeping', lifetimeMinor: most.keeping },
    { key: 'most_for_winning_back', lifetimeMinor: most.winningBack },
    { key: 'most_for_acquiring', lifetimeMinor: most.acquiring },
    { key: 'point_of_retention', yearlyMinor: point.yearlySpend, lifetimeMinor: point.lifetime },
  ];
  return lines.map((line) => ({ section: 'calculator', ...line }));
}

const modelLines = ({ buying, spending }: NonNullable<Night['parameters']>): Line[] => [
  ...(['r', 'alpha', 'a', 'b'] as const).map((key) => ({
    section: 'model',
    key,
    value: buying[key],
    error: buying.standardErrors[key],
  })),
  ...(['p', 'q', 'gamma'] as const).map((key) => ({
    section: 'model',
    key,
    value: spending[key],
    error: spending.standardErrors[key],
  })),
];

function cells(line: Line, { currency, period }: ValueReport): string[] {
  const money = (minor = NaN) => (Number.isFinite(minor) ? plainMoney(Math.round(minor), currency) : '');
  const { section, key, name = '', n, value, error } = line;
  const { yearlyMinor, lifetimeMinor, lowMinor, highMinor } = line;
  return [
    ...[section, key, name, String(n ?? '')],
    ...[yearlyMinor, lifetimeMinor, lowMinor, highMinor].map((minor) => money(minor)),
    ...[String(value ?? ''), String(error ?? '')],
    ...[currency, period.from, period.to],
  ];
}
