import { csvDocument } from '../../shared/csv.ts';
import { plainMoney } from '../../shared/money.ts';
import { wilson, type Share } from '../../shared/statistics.ts';
import type { EffectReport } from './report.ts';

const HEADER = [
  'table',
  'key',
  'name',
  'days',
  'n',
  'base',
  'share',
  'share_low',
  'share_high',
  'open',
  'amount',
  'currency',
  'from',
  'to',
];

const digits = (share: number): string => share.toFixed(4);
const shareCells = (of: Share | null): string[] => (of ? [of.share, of.low, of.high].map(digits) : ['', '', '']);

/** Of nobody there is no share. */
const known = (arm: Share & { base: number }): Share | null => (arm.base === 0 ? null : arm);

/** The tables of the page: shares as fractions with four decimals, differences too; money with its decimals. */
export function effectCsv(report: EffectReport, language: string): string {
  const { currency, period } = report;
  const tail = [currency, period.from, period.to];
  const money = (minor: number) => plainMoney(minor, currency);
  const named = (name: Record<string, string>) => name[language] ?? name.en ?? '';
  const row = (table: string, key: string, name: string, k: number, base: number, amount = '') => [
    table,
    key,
    name,
    '',
    String(k),
    String(base),
    ...shareCells(base === 0 ? null : wilson(k, base)),
    '',
    amount,
    ...tail,
  ];
  const sum = (key: string, minor: number) => ['money', key, '', '', '', '', '', '', '', '', money(minor), ...tail];
  const { rates, durability, cost } = report;
  return csvDocument(HEADER, [
    ...report.programmes.flatMap(({ key, compared }) =>
      compared.flatMap(({ days, treated, held, difference, open }) => {
        const isCompared = known(treated) !== null && known(held) !== null;
        const line = (arm: string, n: string, base: string, cells: string[]) => [
          'holdout',
          key,
          arm,
          String(days),
          n,
          base,
          ...cells,
          String(open),
          '',
          ...tail,
        ];
        return [
          line('treated', String(treated.back), String(treated.base), shareCells(known(treated))),
          line('held_out', String(held.back), String(held.base), shareCells(known(held))),
          line('difference', '', '', shareCells(isCompared ? { ...difference, share: difference.difference } : null)),
        ];
      }),
    ),
    row('rate', 'of_attempted', '', rates.wonBack, rates.attempted),
    row('rate', 'of_lost', '', rates.wonBack, rates.lost),
    ...report.reasons.map((each) =>
      row('reason', each.key || 'unknown', named(each.name), each.wonBack, each.attempted),
    ),
    ...report.offers.map((each) =>
      row('offer', each.offerId, named(each.name), each.back, each.given, money(each.usedMinor)),
    ),
    ...report.colleagues.map((each) => row('colleague', each.id, each.name, each.wonBack, each.attempted)),
    ...(['wonBack', 'alone'] as const).flatMap((who) =>
      durability[who].kept.map(({ days, base, open, kept, share }) => [
        'still_there',
        who === 'wonBack' ? 'won_back' : 'by_themselves',
        '',
        String(days),
        String(kept),
        String(base),
        ...shareCells(share),
        String(open),
        '',
        ...tail,
      ]),
    ),
    sum('spent_since', durability.wonBack.spentMinor),
    ...(report.marginMinor === null ? [] : [sum('margin', report.marginMinor)]),
    sum('offers_used', cost.usedMinor),
    sum('offers_open', cost.openMinor),
    sum('net', report.netMinor),
    ...(durability.wonBack.toComeMinor === null ? [] : [sum('lifetime_to_come', durability.wonBack.toComeMinor)]),
  ]);
}
