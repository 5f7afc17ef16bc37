import { narrowedDocument, type Narrowed } from '../narrowed.ts';
import type { WholeReport } from '../service.ts';

const HEADER = [
  ...['from', 'to', 'key', 'reason', 'n', 'base', 'share', 'share_low', 'share_high', 'basis', 'codebook_changed'],
];

const digits = (share: number | null): string => (share === null ? '' : share.toFixed(4));

/** A line for each reason in each month or quarter; `codebook_changed` names the days in it on which the codebook did. */
export function trendCsv({ trend, reasons, names }: WholeReport, narrowed: Narrowed, language: string): string {
  const lines = trend.steps.flatMap(({ from, to, base, basis, reasons: shares }, at) => {
    const changed = trend.marks.find((mark) => mark.at === at)?.days.join(' ') ?? '';
    return reasons.map(({ codeId, key }) => {
      const { count, share, low, high } = shares.get(codeId) ?? { count: 0, share: 0, low: null, high: null };
      const name = names.get(codeId)?.[language] ?? names.get(codeId)?.en ?? '';
      const figures = base > 0 ? [digits(share), digits(low), digits(high)] : ['', '', ''];
      return [from, to, key, name, String(count), String(base), ...figures, basis, changed];
    });
  });
  return narrowedDocument(HEADER, lines, narrowed);
}
