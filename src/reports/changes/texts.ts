import { formatNumber, formatShare, type Translate } from '../../i18n/index.ts';
import { formatMoneyWhole } from '../../shared/money.ts';
import type { Change } from './change.ts';

const POINTS: Intl.NumberFormatOptions = {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
};

/** 0.107 -> '+10.7'. */
export const points = (difference: number, language: string): string =>
  formatNumber(difference * 100, language, POINTS);

/** Shares are written with a decimal, customers as numbers, money without its decimals; differences with their sign. */
function writing({ about }: Change, currency: string, { language }: Translate) {
  const signed = (value: number, text: string) => (value > 0 ? `+${text}` : text);
  const money = (minor: number) => formatMoneyWhole(Math.round(minor), currency, language);
  const customers = (n: number) => formatNumber(Math.round(n), language);
  switch (about) {
    case 'reason':
      return { level: (n: number) => formatShare(n, language, 1), step: (n: number) => points(n, language) };
    case 'leavers':
      return { level: customers, step: (n: number) => signed(n, customers(n)) };
    case 'money':
      return { level: money, step: (n: number) => signed(n, money(n)) };
  }
}

/** A change as one sentence in the reader's language. */
export function changeText(change: Change, currency: string, t: Translate): string {
  const { level, step } = writing(change, currency, t);
  const { before, now, low, high } = change.values;
  const names = change.reason?.names ?? {};
  const reason = names[t.language] || names.en || Object.values(names)[0] || '';
  return t(change.key, { reason, before: level(before), now: level(now), low: step(low), high: step(high) });
}

/** The difference by itself: '+10.7 points', '−12', '+€4,300'. */
export function changeStep(change: Change, currency: string, t: Translate): string {
  const text = writing(change, currency, t).step(change.values.difference);
  return t(`changes.step.${change.about}`, { n: text });
}
