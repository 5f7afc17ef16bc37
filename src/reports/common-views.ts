import { formatDay, formatMoment, formatShare, type Translate } from '../i18n/index.ts';
import { decimalsOf, formatMoney, formatMoneyWhole, wholeTogether } from '../shared/money.ts';
import type { Staff } from '../web/index.ts';
import type { LeavingFigures } from './leaving-rules.ts';

export interface PlainLine {
  name: string;
  href: string;
  n: string;
  money: string;
}

/**
 * The report as it is read, in whole units rounded together: of money that is estimated the cents say nothing. What is
 * counted keeps them where the total has some, which rounded rows would miss; so do the file and the interface always.
 */
export function asRead<R extends LeavingFigures & { currency: string }>(report: R): R {
  const exact = report.basis === 'counted' && report.lostMinor % 10 ** decimalsOf(report.currency) !== 0;
  return exact ? report : inWholeUnits(report);
}

/** Its sums in whole units: rows still add up to the total, and to each running total. */
export function inWholeUnits<R extends LeavingFigures & { currency: string }>(report: R): R {
  const { reasons, unknown } = report;
  const whole = wholeTogether(
    [...reasons, ...unknown.parts].map(({ lostMinor }) => lostMinor),
    report.currency,
  );
  const sumOf = (sums: number[]) => sums.reduce((all, minor) => all + minor, 0);
  const lostMinor = sumOf(whole);
  const ofParts = whole.slice(reasons.length);
  return {
    ...report,
    lostMinor,
    reasons: reasons.map((row, i) => ({
      ...row,
      lostMinor: whole[i] ?? 0,
      runningMinor: sumOf(whole.slice(0, i + 1)),
    })),
    unknown: {
      ...unknown,
      lostMinor: sumOf(ofParts),
      runningMinor: lostMinor,
      parts: unknown.parts.map((part, i) => ({ ...part, lostMinor: ofParts[i] ?? 0 })),
    },
  };
}

/** Whole units where every sum is whole; else all of them with their decimals, so that rows visibly add up. */
export function moneyFormat(report: LeavingFigures & { currency: string }, t: Translate): (minor: number) => string {
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

/** How many of those asked answered, and until when more of them may. */
export function askedNotes(
  { asked, answered }: { asked: number; answered: number },
  comingInUntil: string | null,
  t: Translate,
): string[] {
  if (asked === 0) return [];
  const share = formatShare(answered / asked, t.language, 1);
  const reached = t('reports.leaving.note.asked', { answered, count: asked, share });
  if (comingInUntil === null) return [reached];
  return [reached, t('reports.leaving.note.comingIn', { day: formatDay(comingInUntil, t.language) })];
}
