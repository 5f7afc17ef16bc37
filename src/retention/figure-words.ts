import { formatNumber, formatShare, type Translate } from '../i18n/index.ts';
import { formatMoneyWhole } from '../shared/money.ts';
import type { Figure } from './figures.ts';

/** '62.1 %', or '42,000 €'; a dash where there is none. */
export function valueWords(value: number | null, unit: Figure['unit'], currency: string, t: Translate): string {
  if (value === null) return '–';
  return unit === 'money' ? formatMoneyWhole(value, currency, t.language) : formatShare(value, t.language, 1);
}

/** '62.1 % (n 340)', for a line in a list. */
export function withBase({ value, unit, base }: Figure, currency: string, t: Translate): string {
  const words = valueWords(value, unit, currency, t);
  return value === null ? words : `${words} (${t('goals.figure.base', { count: base })})`;
}

const points = (share: number, t: Translate) =>
  formatNumber(share * 100, t.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The interval and the base beside a figure: '(58.0–66.0), n 340'. */
export function aroundWords({ value, low, high, base, unit }: Figure, t: Translate): string {
  if (value === null) return t('goals.figure.none');
  const n = t('goals.figure.base', { count: base });
  return unit === 'money' || low === null || high === null ? n : `(${points(low, t)}–${points(high, t)}), ${n}`;
}

/** A difference of two shares in points: '−6.2 (−11.0 to −1.4)'. */
export function differenceWords(
  { difference, low, high }: { difference: number; low: number; high: number },
  t: Translate,
): string {
  const signed = (share: number) =>
    formatNumber(share * 100, t.language, {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
      signDisplay: 'exceptZero',
    });
  return t('policies.effect.points', { difference: signed(difference), low: signed(low), high: signed(high) });
}
