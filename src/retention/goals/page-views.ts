import type { FormContext } from '../../customers/index.ts';
import { formatDay, formatNumber, languageIn, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, type Block, type FormView, type Staff } from '../../web/index.ts';
import { aroundWords, valueWords } from '../figure-words.ts';
import { blocksOf } from '../playbook/markup.ts';
import type { Reader } from '../reading/service.ts';
import { readersView, type ReadersView } from '../reading/views.ts';
import { typedGoal } from './forms.ts';
import type { GoalProgress } from './progress.ts';
import type { Turn } from './turning.ts';
import { barOf, isLate, moodOf, nowOf, type GoalBar } from './views.ts';
import { aimWords, standingWords, targetHint, titleOf, turnWords } from './words.ts';

export interface GoalPage {
  title: string;
  language: string;
  otherwise: string | null;
  blocks: Block[];
  aim: string;
  facts: { term: string; value: string }[];
  standing: string;
  mood: string;
  explained: string;
  steps: { name: string; value: string; around: string }[];
  bar: GoalBar | null;
  ended: { heading: string; words: string } | null;
  reading: ReadersView;
  /** That it was closed before, and why it was taken up again. */
  reopened: { heading: string; words: string } | null;
  writing: GoalWriting | null;
}

interface GoalWriting {
  edit: string;
  versions: string;
  end: TurnForm | null;
  reopen: (TurnForm & { targetHint: string | null }) | null;
}

interface TurnForm {
  action: string;
  form: FormView;
  seen: number;
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/goal': GoalPage;
  }
}

const AT = '/goals';

interface PageFacts {
  progress: GoalProgress;
  readers: Reader[];
  owner: string;
  fallback: string;
  today: string;
  /** The newest of its closings and reopenings. */
  turn: Turn | undefined;
  context: FormContext;
  typed?: Record<string, unknown> | undefined;
  errors?: FieldErrors | undefined;
}

export function goalPage(facts: PageFacts, staff: Staff): GoalPage {
  const { progress, fallback, today } = facts;
  const { goal } = progress;
  const { t, currency } = staff;
  const { title, words, language } = titleOf(goal, t.language, fallback);
  const at = `${AT}/${goal.id}`;
  const open = goal.state === 'open';
  return {
    title,
    language,
    otherwise: language === t.language ? null : t('playbook.otherwise', { language: languageIn(language, t.language) }),
    blocks: blocksOf(words),
    aim: aimWords(goal, currency, t),
    facts: factsOf(facts, t),
    standing: isLate(goal, today) ? `${standingWords(progress, t)}, ${t('goals.late')}` : standingWords(progress, t),
    mood: moodOf(progress),
    explained: open && goal.aim ? explained(progress, t) : '',
    steps: figureSteps(progress, currency, t),
    bar: barOf(progress),
    ended: open
      ? null
      : {
          heading: turnWords(goal.state, goal.endedOn ?? goal.dueOn, t),
          words: goal.endWords,
        },
    reading: readersView(goal, facts.readers, open ? `${at}/reading` : null, staff),
    reopened: open && facts.turn ? { heading: turnWords('open', facts.turn.on, t), words: facts.turn.words } : null,
    writing: hasRole(staff.role, 'manager') ? writingView(facts, staff) : null,
  };
}

function writingView({ progress: { goal }, context, typed, errors }: PageFacts, { t, currency }: Staff): GoalWriting {
  const at = `${AT}/${goal.id}`;
  const open = goal.state === 'open';
  const { due, target } = typedGoal(goal, context);
  const turnForm = (name: string, values: Record<string, unknown> | undefined): TurnForm => ({
    action: `${at}/${name}`,
    form: formView(typed ?? values, errors, t),
    seen: goal.number,
  });
  return {
    edit: open ? `${at}/edit` : '',
    versions: `${at}/versions`,
    end: open ? turnForm('end', undefined) : null,
    reopen: open
      ? null
      : { ...turnForm('reopening', { due, target }), targetHint: goal.aim && targetHint(goal.aim, currency, t) },
  };
}

function factsOf({ progress: { goal }, owner }: PageFacts, t: Translate): GoalPage['facts'] {
  return [
    { term: t('goals.owner'), value: owner },
    { term: t('goals.due'), value: formatDay(goal.dueOn, t.language) },
    { term: t('goals.started'), value: formatDay(goal.startedOn, t.language) },
  ];
}

function explained({ standing: { name, way }, now, goal }: GoalProgress, t: Translate): string {
  const share = formatNumber(Math.round(Math.abs(way ?? 0) * 100), t.language);
  const missing = Math.max(0, 10 - (now?.base ?? 0));
  return t(`goals.explained.${name}`, {
    share,
    count: missing,
    day: formatDay(goal.startedOn, t.language),
  });
}

function figureSteps(progress: GoalProgress, currency: string, t: Translate): GoalPage['steps'] {
  const { aim, startedOn, endedOn } = progress.goal;
  if (!aim) return [];
  const now = nowOf(progress);
  const { unit } = aim.start;
  const value = (of: number | null) => valueWords(of, unit, currency, t);
  const day = (of: string) => formatDay(of, t.language);
  return [
    {
      name: t('goals.step.start', { day: day(startedOn) }),
      value: value(aim.start.value),
      around: aroundWords(aim.start, t),
    },
    {
      name: endedOn === null ? t('goals.step.now') : t('goals.step.end', { day: day(endedOn) }),
      value: value(now?.value ?? null),
      around: progress.now ? aroundWords(progress.now, t) : '',
    },
    { name: t('goals.step.target'), value: value(aim.target), around: t(`goals.direction.${aim.direction}`) },
  ];
}
