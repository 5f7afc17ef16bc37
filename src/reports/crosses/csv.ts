import { plainMoney } from '../../shared/money.ts';
import { narrowedDocument, type Narrowed } from '../narrowed.ts';
import type { CrossReport } from '../service.ts';

const HEADER = [
  ...['field', 'value', 'key', 'reason', 'n', 'base', 'share', 'share_low', 'share_high', 'lost_a_year', 'currency'],
  ...['from', 'to', 'basis'],
];

const digits = (share: number | null): string => (share === null ? '' : share.toFixed(4));

/** The table of the page, a line for each cell; all rarer values together have the value '*', everybody has '**'. */
export function crossCsv(report: CrossReport, narrowed: Narrowed, language: string): string {
  const { crossed, called, names, currency, period } = report;
  const all = [...crossed.columns, { value: '**', figures: crossed.total }];
  const tail = [currency, period.from, period.to];
  const lines = all.flatMap(({ value, figures }) => {
    const head = [crossed.field, value === null ? '*' : (called.get(value) ?? value)];
    const { unknown, leavers, lostMinor, base, basis } = figures;
    return [
      ...figures.reasons.map((row) => [
        ...head,
        row.key,
        names.get(row.codeId)?.[language] ?? names.get(row.codeId)?.en ?? '',
        String(row.count),
        String(base),
        digits(row.coded.share),
        digits(row.coded.low),
        digits(row.coded.high),
        plainMoney(row.lostMinor, currency),
        ...tail,
        basis,
      ]),
      [
        ...head,
        'unknown',
        '',
        String(unknown.count),
        '',
        '',
        '',
        '',
        plainMoney(unknown.lostMinor, currency),
        ...tail,
        basis,
      ],
      [...head, 'all', '', String(leavers), '', '', '', '', plainMoney(lostMinor, currency), ...tail, basis],
    ];
  });
  return narrowedDocument(HEADER, lines, narrowed);
}
