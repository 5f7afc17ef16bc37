import { formatNumber, type Translate } from '../../i18n/index.ts';
import type { Change } from '../changes/change.ts';

/** A change in the reader's language. */
export function changeText(change: Change, _currency: string, t: Translate): string {
  const points = (share: number) =>
    formatNumber(share * 100, t.language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const names = change.reason?.names ?? {};
  const reason = names[t.language] || names.en || Object.values(names)[0] || '';
  const { before, now, difference, low, high } = change.values;
  const values = { before, now, difference, low, high };
  const written = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, points(value)]));
  return t(change.key, { reason, ...written });
}
