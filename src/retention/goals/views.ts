import { formatDay, formatNumber, languageName, type Translate } from '../../i18n/index.ts';
import type { FieldErrors } from '../../shared/errors.ts';
import { formView, hasRole, type Block, type FormView, type Staff } from '../../web/index.ts';
import { aroundWords, valueWords } from '../figure-words.ts';
import type { Figure } from '../figures.ts';
import { blocksOf } from '../playbook/markup.ts';
import type { Reader } from '../reading/service.ts';
import { readersView, readTag, type ReadersView } from '../reading/views.ts';
import { retentionTabs, type RetentionTabs } from '../tabs.ts';
import type { Goal } from './goal.ts';
import type { GoalProgress } from './service.ts';
import { aimWords, standingWords, titleOf } from './words.ts';

export interface GoalBar {
  /** Of a hundred: from the start to now. */
  width: string;
  fill: string;
}

export interface GoalsPage extends RetentionTabs {
  lead: string;
  mayWrite: boolean;
  none: string | null;
  rows: GoalLine[];
  ended: GoalLine[];
}

interface GoalLine {
  href: string;
  title: string;
  language: string;
  aim: string;
  owner: string;
  standing: string;
  mood: string;
  steps: { start: string; now: string; target: string } | null;
  bar: GoalBar | null;
  tag: { text: string; mood: string } | null;
  readers: string;
}

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
  writing: { edit: string; versions: string; end: { action: string; form: FormView; seen: number } | null } | null;
}

declare module '../../web/render.ts' {
  interface Templates {
    'retention/goals': GoalsPage;
    'retention/goal': GoalPage;
    'retention/goal-bar': GoalBar;
  }
}

const AT = '/goals';

export interface ListFacts {
  all: GoalProgress[];
  read: Map<string, number>;
  readers: Map<string, Reader[]>;
  owners: Map<string, string>;
  fallback: string;
  today: string;
}

export function goalsPage(facts: ListFacts, staff: Staff): GoalsPage {
  const { role, t } = staff;
  const open = facts.all.filter(({ goal }) => goal.state === 'open');
  const ended = facts.all.filter(({ goal }) => goal.state !== 'open');
  const mayWrite = hasRole(role, 'manager');
  const reached = open.filter(({ standing }) => standing.name === 'reached').length;
  return {
    ...retentionTabs(AT, t),
    lead: open.length === 0 ? t('goals.lead.none') : t('goals.lead', { count: open.length, reached }),
    mayWrite,
    none: open.length > 0 ? null : t(mayWrite ? 'goals.none.manager' : 'goals.none.staff'),
    rows: open.map((each) => lineOf(each, facts, staff)),
    ended: ended.map((each) => lineOf(each, facts, staff)),
  };
}

function lineOf(progress: GoalProgress, { read, readers, owners, fallback, today }: ListFacts, staff: Staff): GoalLine {
  const { goal, now } = progress;
  const { t, currency } = staff;
  const { title, language } = titleOf(goal, t.language, fallback);
  const known = readers.get(goal.id) ?? [];
  const steps = goal.aim && stepsOf(goal.aim.start, nowOf(progress), goal.aim.target, currency, t);
  return {
    href: `${AT}/${goal.id}`,
    title,
    language,
    aim: aimWords(goal, currency, t),
    owner: owners.get(goal.ownerId) ?? '–',
    standing: isLate(goal, today) ? `${standingWords(progress, t)}, ${t('goals.late')}` : standingWords(progress, t),
    mood: moodOf(progress),
    steps,
    bar: now === null ? null : barOf(progress),
    tag: goal.state === 'open' ? readTag(goal, read.get(goal.id) ?? 0, t) : null,
    readers: hasRole(staff.role, 'manager')
      ? t('playbook.progress', { read: known.filter((each) => each.current).length, of: known.length })
      : '',
  };
}

/** Today's figure, or the last one of a goal that has ended. */
function nowOf({ goal, now }: GoalProgress): Figure | null {
  if (now || !goal.aim) return now;
  return { ...goal.aim.start, value: goal.endValue, low: null, high: null };
}

function stepsOf(start: Figure, now: Figure | null, target: number, currency: string, t: Translate) {
  const say = (value: number | null) => valueWords(value, start.unit, currency, t);
  return { start: say(start.value), now: say(now?.value ?? null), target: say(target) };
}

const isLate = ({ state, dueOn }: Goal, today: string) => state === 'open' && dueOn < today;

function moodOf({ goal, standing }: GoalProgress): string {
  if (goal.state === 'reached' || standing.name === 'reached') return 'good';
  return goal.state === 'open' && standing.name === 'back' ? 'late' : '';
}

/** Grey where today's figure cannot be told from the start. */
function barOf({ standing: { name, way } }: GoalProgress): GoalBar | null {
  if (way === null) return null;
  const width = Math.min(1, Math.max(0, way)) * 100;
  return { width: width.toFixed(1), fill: name === 'not_told' ? 'f4' : 'f1' };
}

export interface PageFacts {
  progress: GoalProgress;
  readers: Reader[];
  owner: string;
  fallback: string;
  today: string;
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
    otherwise: language === t.language ? null : t('playbook.otherwise', { language: languageName(language) }),
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
          heading: t(`goals.ended.${goal.state}`, { day: formatDay(goal.endedOn ?? goal.dueOn, t.language) }),
          words: goal.endWords,
        },
    reading: readersView(goal, facts.readers, open ? `${at}/reading` : null, staff),
    writing: hasRole(staff.role, 'manager')
      ? {
          edit: open ? `${at}/edit` : '',
          versions: `${at}/versions`,
          end: open ? { action: `${at}/end`, form: formView(facts.typed, facts.errors, t), seen: goal.number } : null,
        }
      : null,
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
