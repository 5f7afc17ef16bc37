import { formatMoment, languageIn } from '../../i18n/index.ts';
import type { FormContext } from '../../customers/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, type Block, type FormView, type Staff } from '../../web/index.ts';
import { valueWords } from '../figure-words.ts';
import { MEASURES } from '../figures.ts';
import { blocksOf } from '../playbook/markup.ts';
import { formLanguages } from '../wording.ts';
import type { Turn } from './turning.ts';
import { typedGoal } from './forms.ts';
import type { Goal, GoalVersion } from './goal.ts';
import { aimWords, targetHint, titleOf, turnWords } from './words.ts';

const AT = '/goals';

export interface GoalForm {
  title: string;
  action: string;
  back: string;
  form: FormView;
  seen: number | null;
  measures: { value: string; text: string }[];
  directions: { value: string; text: string }[];
  owners: { value: string; text: string }[];
  /** Null where the goal has no measure that could be reached. */
  targetHint: string | null;
  languages: { name: string; code: string; open: boolean }[];
}

export interface GoalVersions {
  title: string;
  back: string;
  /** Closed and taken up again, the newest first. */
  turns: { heading: string; name: string; value: string; words: string }[];
  rows: { heading: string; note: string; aim: string; title: string; language: string; blocks: Block[] }[];
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/goal-form': GoalForm;
    'retention/goal-versions': GoalVersions;
  }
}

interface FormFacts {
  goal: Goal | null;
  owners: { id: string; name: string }[];
  context: FormContext;
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
}

export function goalForm({ goal, owners, context, typed, errors }: FormFacts, { id, t, currency }: Staff): GoalForm {
  const standing = goal ? typedGoal(goal, context) : { owner: id, direction: 'up' };
  const languages = formLanguages(t.language, goal?.texts ?? {});
  const hint = goal?.aim ? targetHint(goal.aim, currency, t) : t('goals.target.hint', { currency });
  return {
    title: t(goal ? 'goals.edit' : 'goals.new'),
    action: goal ? `${AT}/${goal.id}` : AT,
    back: goal ? `${AT}/${goal.id}` : AT,
    form: formView(typed ?? standing, errors, t),
    seen: goal?.number ?? null,
    measures: [
      { value: '', text: t('goals.measure.none') },
      ...MEASURES.map((value) => ({ value, text: t(`goals.measure.${value}`) })),
    ],
    directions: (['up', 'down'] as const).map((value) => ({ value, text: t(`goals.direction.${value}`) })),
    owners: owners.map((each) => ({ value: each.id, text: each.name })),
    targetHint: goal && !goal.aim ? null : hint,
    languages: languages.map(({ language: code, open }) => ({ code, name: languageIn(code, t.language), open })),
  };
}

interface VersionFacts {
  goal: Goal;
  versions: GoalVersion[];
  turns: Turn[];
  colleagues: { id: string; name: string }[];
  fallback: string;
}

export function goalVersions(
  { goal, versions, turns, colleagues, fallback }: VersionFacts,
  staff: Staff,
): GoalVersions {
  const { t, timeZone, currency } = staff;
  const nameOf = (id: string | null) => colleagues.find((each) => each.id === id)?.name ?? 'Comeback';
  return {
    title: titleOf(goal, t.language, fallback).title,
    back: `${AT}/${goal.id}`,
    turns: turns.map(({ state, on, words, value, accountId }) => ({
      heading: turnWords(state, on, t),
      name: nameOf(accountId),
      value: goal.aim && value !== null ? valueWords(value, goal.aim.start.unit, currency, t) : '',
      words,
    })),
    rows: versions.map((version) => {
      const { title, words, language } = titleOf(version, t.language, fallback);
      const aim = goal.aim && version.target !== null ? { ...goal.aim, target: version.target } : null;
      return {
        heading: t('playbook.version', { number: version.number }),
        note: t(version.asks ? 'playbook.version.asked' : 'playbook.version.quiet', {
          name: nameOf(version.accountId),
          at: formatMoment(version.createdAt, t.language, timeZone),
        }),
        aim: `${nameOf(version.ownerId)}. ${aimWords({ ...goal, ...version, aim }, currency, t)}`,
        title,
        language,
        blocks: blocksOf(words),
      };
    }),
  };
}
