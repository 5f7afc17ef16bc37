import { formatDay, formatMonthShort, formatNumber, type Translate } from '../../i18n/index.ts';
import type { Difference } from '../../shared/statistics.ts';
import type { Comparison } from '../changes/periods.ts';
import { isTwelveMonths, type Period } from '../rules.ts';

type Interval = { low: number | null; high: number | null };

/** In that language, else in one that there is. */
export function textIn(texts: Record<string, string>, language: string): string {
  return texts[language] || texts.en || Object.values(texts).find(Boolean) || '';
}

const whole = (share: number, t: Translate): string => Math.round(share * 100).toLocaleString(t.language);

/** "(25–37)", in per cent; '' where there is none. */
export function intervalOf({ low, high }: Interval, t: Translate): string {
  return low === null || high === null ? '' : `(${whole(low, t)}–${whole(high, t)})`;
}

const SIGNED = { signDisplay: 'exceptZero', maximumFractionDigits: 1, minimumFractionDigits: 1 } as const;

/** "−0.8 (−1.2 to −0.4)": scores. */
export function scoresApart({ difference, low, high }: Difference, t: Translate): { by: string; between: string } {
  const signed = (value: number) => formatNumber(value, t.language, SIGNED);
  return { by: signed(difference), between: t('satisfaction.range', { low: signed(low), high: signed(high) }) };
}

/** What became of a share since the period that it is compared with, in words: up, down, or no more than chance. */
export function changeInWords(change: Difference | null, comparison: Comparison, t: Translate): string {
  const since = comparison === 'before' ? 'satisfaction.change' : 'satisfaction.change.last-year';
  if (!change) return t(`${since}.few`);
  const points = (value: number) => formatNumber(Math.round(value * 100), t.language, { signDisplay: 'exceptZero' });
  const between = t('satisfaction.range', { low: points(change.low), high: points(change.high) });
  if (change.low <= 0 && change.high >= 0) return t(`${since}.chance`, { between });
  const by = formatNumber(Math.abs(Math.round(change.difference * 100)), t.language);
  return t(`${since}.${change.difference > 0 ? 'up' : 'down'}`, { by, between });
}

/** "In the twelve months to 22 November": how a sentence about the period begins. */
export function periodInWords(period: Period, t: Translate): string {
  const [from, to] = [formatDay(period.from, t.language), formatDay(period.to, t.language)];
  if (isTwelveMonths(period)) return t('satisfaction.period.twelve', { to });
  return t(period.from.startsWith('0001') ? 'satisfaction.period.all' : 'satisfaction.period.between', { from, to });
}

/** "2026 Q4", or the month. */
export function spanName(month: string, grain: 'month' | 'quarter', t: Translate): string {
  const [year = '', number = ''] = month.split('-');
  if (grain === 'quarter')
    return t('satisfaction.quarter', { quarter: String(Math.ceil(Number(number) / 3)), year: year.slice(2) });
  return formatMonthShort(`${month}-01`, t.language);
}
