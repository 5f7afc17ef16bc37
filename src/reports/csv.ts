import { csvDocument } from '../shared/csv.ts';
import { plainMoney } from '../shared/money.ts';
import type { WholeReport } from './service.ts';

const HEADER = [
  'row',
  'key',
  'reason',
  'n',
  'base',
  'share',
  'share_low',
  'share_high',
  'stated_n',
  'stated_base',
  'stated_share',
  'stated_low',
  'stated_high',
  'lost_a_year',
  'running_total',
  'currency',
  'from',
  'to',
  'lost_low',
  'lost_high',
  'basis',
  'audited',
  'needed',
  'weighted_share',
  'weighted_low',
  'weighted_high',
  'before_from',
  'before_to',
  'before_n',
  'before_base',
  'before_share',
  'difference',
  'difference_low',
  'difference_high',
  'from_calls',
];

const digits = (share: number): string => share.toFixed(4);

const digitsOrNone = (share: number | null): string => (share === null ? '' : digits(share));

/**
 * The table of the page: shares as fractions with four decimals, money with its decimals. What a row rests on stands in
 * `basis`; where that is not `counted`, its n, share and money are estimates.
 */
export function leavingCsv(report: WholeReport, language: string): string {
  const { currency, period, base, statedBase } = report;
  const money = (minor: number) => plainMoney(minor, currency);
  const tail = [currency, period.from, period.to];
  const counted = [...tail, '', '', 'counted', '', ''];
  const standing = [
    report.basis,
    ...(report.audit ? [report.audit.audited, report.audit.needed].map(String) : ['', '']),
  ];
  const estimated = [...tail, '', '', ...standing];
  const name = (codeId: string) => report.names.get(codeId)?.[language] ?? report.names.get(codeId)?.en ?? '';
  const blank = (count: number) => Array<string>(count).fill('');
  const rows = report.reasons.flatMap((row) => [
    [
      'reason',
      row.key,
      name(row.codeId),
      String(row.count),
      String(base),
      digits(row.coded.share),
      digitsOrNone(row.coded.low),
      digitsOrNone(row.coded.high),
      String(row.statedCount),
      String(statedBase),
      ...(row.stated ? [digits(row.stated.share), digits(row.stated.low), digits(row.stated.high)] : blank(3)),
      money(row.lostMinor),
      money(row.runningMinor),
      ...tail,
      ...(row.lost ? [money(row.lost.lowMinor), money(row.lost.highMinor)] : ['', '']),
      ...standing,
      ...besideOf(report, row.codeId),
      String(row.fromCalls),
    ],
    ...row.parts.map((part) => [
      'part',
      part.key,
      name(part.codeId),
      String(part.count),
      ...blank(9),
      money(part.lostMinor),
      '',
      ...counted,
    ]),
  ]);
  const { unknown } = report;
  const lines = [
    ...rows,
    [
      'unknown',
      'unknown',
      '',
      String(unknown.count),
      ...blank(9),
      money(unknown.lostMinor),
      money(unknown.runningMinor),
      ...estimated,
    ],
    ...unknown.parts.map((part) => [
      'unknown_part',
      part.knowledge,
      '',
      String(part.count),
      ...blank(9),
      money(part.lostMinor),
      '',
      ...(part.knowledge === 'does_not_know' ? estimated : counted),
    ]),
    ['total', 'all', '', String(report.leavers), ...blank(9), money(report.lostMinor), '', ...counted],
  ];
  return csvDocument(
    HEADER,
    lines.map((line) => [...line, ...blank(HEADER.length - line.length)]),
  );
}

/** The weighted share, and what the period before had; '' where there is none. */
function besideOf({ weighted, compared }: WholeReport, codeId: string): string[] {
  const share = weighted?.shares.get(codeId);
  const before = compared?.figures.reasons.find((each) => each.codeId === codeId);
  const difference = compared?.differences.get(codeId);
  return [
    ...(share ? [share.share, share.low, share.high].map(digitsOrNone) : ['', '', '']),
    ...(compared ? [compared.period.from, compared.period.to] : ['', '']),
    ...(compared && before
      ? [String(before.count), String(compared.figures.base), digits(before.coded.share)]
      : ['', '', '']),
    ...(difference ? [difference.difference, difference.low, difference.high].map(digits) : ['', '', '']),
  ];
}
