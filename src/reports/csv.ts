import type { CompetitorsNamed } from '../coding/index.ts';
import { plainMoney } from '../shared/money.ts';
import type { Change } from './changes/change.ts';
import { isNarrowed, narrowedDocument, type Narrowed } from './narrowed.ts';
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
  'coming_in_until',
] as const;

const digits = (share: number): string => share.toFixed(4);

const digitsOrNone = (share: number | null): string => (share === null ? '' : digits(share));

/**
 * The table of the page: shares as fractions with four decimals, money with its decimals. What a row rests on stands in
 * `basis`; where that is not `counted`, its n, share and money are estimates.
 */
export function leavingCsv(
  report: WholeReport,
  { named, narrowed }: { named: CompetitorsNamed | null; narrowed: Narrowed },
  language: string,
): string {
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
    cellsOf(answeredCells(report)),
    ...report.changed.changes.map((change) => cellsOf(changeCells(change, report, language))),
    ...(named && !isNarrowed(narrowed) ? named.rows.map((each) => cellsOf(competitorCells(each, named.base))) : []),
  ];
  return narrowedDocument(
    HEADER,
    lines.map((line) => [...line, ...blank(HEADER.length - line.length)]),
    narrowed,
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

type Cells = Partial<Record<(typeof HEADER)[number], string | undefined>>;

const cellsOf = (cells: Cells): string[] => HEADER.map((name) => cells[name] ?? '');

/** Of those who were asked, how many have answered; as long as answers are coming in, until when. */
const answeredCells = ({ asked, answered, comingInUntil, period: { from, to } }: WholeReport): Cells => ({
  row: 'answered',
  key: 'all',
  n: String(answered),
  base: String(asked),
  share: asked === 0 ? '' : digits(answered / asked),
  from,
  to,
  coming_in_until: comingInUntil ?? '',
});

/** Named in all answers on leaving: of some of the customers they are not counted apart. */
const competitorCells = ({ name, responses, share }: CompetitorsNamed['rows'][number], base: number): Cells => ({
  row: 'competitor',
  reason: name,
  n: String(responses),
  base: String(base),
  share: digits(share.share),
  share_low: digits(share.low),
  share_high: digits(share.high),
});

/** A sentence of "what changed": differences of shares, of customers, or of money, as `key` says. */
function changeCells({ about, reason, values }: Change, report: WholeReport, language: string): Cells {
  const { currency, period, compared } = report;
  const written = {
    reason: digits,
    leavers: (n: number) => String(Math.round(n)),
    money: (n: number) => plainMoney(Math.round(n), currency),
  }[about];
  const [now, before] = [written(values.now), written(values.before)];
  const levels = {
    reason: { share: now, before_share: before },
    leavers: { n: now, before_n: before },
    money: { lost_a_year: now },
  };
  return {
    row: 'change',
    key: reason?.key ?? about,
    reason: reason?.names[language] ?? reason?.names.en,
    ...levels[about],
    difference: written(values.difference),
    difference_low: written(values.low),
    difference_high: written(values.high),
    currency,
    from: period.from,
    to: period.to,
    before_from: compared?.period.from,
    before_to: compared?.period.to,
  };
}
