import type { Translate } from '../../i18n/index.ts';
import { hasRole, type Staff } from '../../web/index.ts';
import { valueWords, withBase } from '../figure-words.ts';
import type { Figure } from '../figures.ts';
import type { Reader } from '../reading/service.ts';
import { readTag } from '../reading/views.ts';
import { retentionTabs, type RetentionTabs } from '../tabs.ts';
import type { Goal } from './goal.ts';
import type { GoalProgress } from './progress.ts';
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

declare module '../../web/render.ts' {
  interface Templates {
    'retention/goals': GoalsPage;
    'retention/goal-bar': GoalBar;
  }
}

const AT = '/goals';

interface ListFacts {
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
export function nowOf({ goal, now }: GoalProgress): Figure | null {
  if (now || !goal.aim) return now;
  return { ...goal.aim.start, value: goal.endValue, low: null, high: null };
}

function stepsOf(start: Figure, now: Figure | null, target: number, currency: string, t: Translate) {
  return {
    start: withBase(start, currency, t),
    now: now ? withBase(now, currency, t) : valueWords(null, start.unit, currency, t),
    target: valueWords(target, start.unit, currency, t),
  };
}

export const isLate = ({ state, dueOn }: Goal, today: string) => state === 'open' && dueOn < today;

export function moodOf({ goal, standing }: GoalProgress): string {
  if (goal.state === 'reached' || standing.name === 'reached') return 'good';
  return goal.state === 'open' && standing.name === 'back' ? 'late' : '';
}

/** Grey where today's figure cannot be told from the start. */
export function barOf({ standing: { name, way } }: GoalProgress): GoalBar | null {
  if (way === null) return null;
  const width = Math.min(1, Math.max(0, way)) * 100;
  return { width: width.toFixed(1), fill: name === 'not_told' ? 'f0' : 'f1' };
}
