import { formatDay, formatNumber, type Translate } from '../../i18n/index.ts';
import { daysBetween } from '../../shared/dates.ts';
import { differenceWords } from '../figure-words.ts';
import { shownIn } from '../wording.ts';
import { FEW, type Comparison, type Effect } from './effect-rules.ts';
import { LEAVING } from './looking.ts';
import { stateOn, type Policy, type PolicyCode } from './policy.ts';

/** What they said and what we do, in a language that the reader understands, with that language. */
export function wordsOf({ texts }: Pick<Policy, 'texts'>, language: string, fallback: string) {
  const shown = shownIn(texts, language, fallback);
  return { said: texts[shown]?.said ?? '', did: texts[shown]?.did ?? '', language: shown };
}

export const codeName = (code: PolicyCode | undefined, language: string): string => code?.labels[language] ?? '–';

/** Where somebody reads what stands behind a code. */
export function codeHref({ key, programmeKey }: PolicyCode): string {
  return programmeKey === LEAVING ? `/leaving/reasons/${key}` : `/answers/${programmeKey}?code=${key}`;
}

/** 'In force since 3 August 2026, for 111 days', 'from 1 January 2027', 'withdrawn on ...'. */
export function stateWords(policy: Policy, today: string, t: Translate): string {
  const state = stateOn(policy, today);
  const day = formatDay(state === 'withdrawn' ? (policy.withdrawnOn ?? today) : policy.inForceOn, t.language);
  return t(`policies.state.${state}`, { day, count: Math.max(1, daysBetween(policy.inForceOn, today) + 1) });
}

/** What can be said of before and after, never more. */
export function effectWords(effect: Effect | null, t: Translate): string {
  if (effect === null) return t('policies.effect.notYet');
  return comparisonWords(effect.comparison, t);
}

/** The verdict in a few words, for lists. */
export function verdictWords(effect: Effect | null, t: Translate): string {
  return effect === null ? t('policies.verdict.notYet') : t(`policies.verdict.${effect.comparison.verdict}`);
}

function comparisonWords(comparison: Comparison, t: Translate): string {
  const { verdict, difference, indicative, missing, needed } = comparison;
  if (verdict === 'few' || difference === null) {
    const { before, after } = missing;
    return t('policies.effect.few', { least: FEW, before, after });
  }
  const values = { difference: differenceWords(difference, t) };
  const said = t(`policies.effect.${verdict}`, values);
  const more =
    needed === null ? '' : t('policies.effect.needed', { count: needed, number: formatNumber(needed, t.language) });
  return [said, more, indicative ? t('policies.effect.indicative') : ''].filter(Boolean).join(' ');
}

/** What the season may have to do with it. */
export function seasonWords({ windows, yearBefore }: Effect, t: Translate): string {
  if (windows.yearBefore === null) return t('policies.season.year');
  if (yearBefore === null) return t('policies.season.unknown');
  const { difference, verdict } = yearBefore.comparison;
  if (verdict === 'few' || difference === null) return t('policies.season.few', { count: yearBefore.figure.base });
  return t(`policies.season.${verdict}`, { difference: differenceWords(difference, t) });
}
