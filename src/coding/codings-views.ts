import { formatDay, formatNumber } from '../i18n/index.ts';
import { dayIn } from '../shared/dates.ts';
import type { Staff } from '../web/index.ts';
import { textIn } from './codebook.ts';
import type { GivenCode } from './given-codes.ts';

interface ShownCode {
  questionKey: string;
  name: string;
  who: string;
  /** Says that it is the main one; empty where it is not. */
  main: string;
  /** Ticked by whoever answered, not given by somebody who read it. */
  byRespondent: boolean;
}

/** Codes on answers in words, the main ones first, for pages of other features. */
export function shownCodes(given: GivenCode[], { t, language, timeZone }: Staff): ShownCode[] {
  const mainFirst = given.toSorted((a, b) => Number(b.isMain) - Number(a.isMain));
  return mainFirst.map(({ questionKey, name, coderKind, coder, isMain, probability, at }) => ({
    questionKey,
    name: textIn(name, language),
    main: isMain ? t('coding.main') : '',
    byRespondent: coderKind === 'respondent',
    who: t(`coding.by.${coderKind}`, {
      who: coder ?? t('coding.someProgram'),
      when: formatDay(dayIn(timeZone, new Date(at)), language),
      share: formatNumber(probability ?? 0, language, { style: 'percent' }),
    }),
  }));
}
