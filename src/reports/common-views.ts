import { formatMoment, type Translate } from '../i18n/index.ts';
import { decimalsOf, formatMoney, formatMoneyWhole } from '../shared/money.ts';
import type { Staff } from '../web/index.ts';
import type { LeavingReport } from './service.ts';

export interface PlainLine {
  name: string;
  href: string;
  n: string;
  money: string;
}

/** Whole units where every sum is whole; else all of them with their decimals, so that rows visibly add up. */
export function moneyFormat(report: LeavingReport, t: Translate): (minor: number) => string {
  const sums = [
    report.lostMinor,
    ...report.reasons.map((row) => row.lostMinor),
    ...report.unknown.parts.map((row) => row.lostMinor),
  ];
  const whole = sums.every((minor) => minor % 10 ** decimalsOf(report.currency) === 0);
  const format = whole ? formatMoneyWhole : formatMoney;
  return (minor) => format(minor, report.currency, t.language);
}

/** A code's name in that language, else in one that it has. */
export function nameOf(names: Map<string, Record<string, string>>, codeId: string, language: string): string {
  const texts = names.get(codeId) ?? {};
  return texts[language] || texts.en || Object.values(texts).find(Boolean) || '';
}

/** When figures of the background were counted; '' before the first time. */
export const countedWords = (
  at: string | null,
  { t, language, timeZone }: Pick<Staff, 't' | 'language' | 'timeZone'>,
): string => (at === null ? '' : t('reports.counted', { at: formatMoment(at, language, timeZone) }));
