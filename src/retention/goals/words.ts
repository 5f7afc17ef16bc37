import { formatDay, type Translate } from '../../i18n/index.ts';
import { valueWords } from '../figure-words.ts';
import { shownIn } from '../wording.ts';
import type { Aim, Goal, GoalState } from './goal.ts';
import type { GoalProgress } from './progress.ts';

/** The title in a language that the reader understands, with that language. */
export function titleOf({ texts }: Pick<Goal, 'texts'>, language: string, fallback: string) {
  const shown = shownIn(texts, language, fallback);
  return { title: texts[shown]?.title ?? '', words: texts[shown]?.words ?? '', language: shown };
}

/** In a word or two: 'halfway', 'not to be told from chance yet'. */
export function standingWords({ goal, standing }: Pick<GoalProgress, 'goal' | 'standing'>, t: Translate): string {
  return goal.state === 'open' ? t(`goals.standing.${standing.name}`) : t(`goals.state.${goal.state}`);
}

/** 'Reached on 3 August 2026', 'Taken up again on ...'. */
export function turnWords(state: GoalState, on: string, t: Translate): string {
  const day = formatDay(on, t.language);
  return state === 'open' ? t('goals.reopened', { day }) : t(`goals.ended.${state}`, { day });
}

/** What a new target is held against. */
export const targetHint = ({ measure, start }: Aim, currency: string, t: Translate): string =>
  t('goals.target.hint.change', {
    measure: t(`goals.measure.${measure}`),
    start: valueWords(start.value, start.unit, currency, t),
  });

/** 'At least 70.0 % satisfied, by 31 December 2026'; without a measure only by when. */
export function aimWords({ aim, dueOn }: Goal, currency: string, t: Translate): string {
  const day = formatDay(dueOn, t.language);
  if (!aim) return t('goals.by', { day });
  const value = valueWords(aim.target, aim.start.unit, currency, t);
  return t(`goals.aim.${aim.direction}`, { measure: t(`goals.measure.${aim.measure}`), value, day });
}
