import type { Figure, Figures, Measure } from '../figures.ts';
import type { Goal } from './goal.ts';
import { standingOf, type Standing } from './rules.ts';

/** A goal with today's figure. */
export interface GoalProgress {
  goal: Goal;
  /** Null for a goal of words alone, and for one that has ended. */
  now: Figure | null;
  standing: Standing;
}

/** How these goals stand on that day (a plain date); each figure is worked out once for all that are about it. */
export async function progressOf(figures: Figures, goals: Goal[], day: string): Promise<GoalProgress[]> {
  const known = await figuresOf(figures, goals, day);
  return goals.map((goal) => {
    const now = (goal.aim && known.get(goal.aim.measure)) ?? null;
    const standing: Standing = goal.aim && now ? standingOf(goal.aim, now) : { name: 'words', way: null };
    return { goal, now, standing };
  });
}

async function figuresOf(figures: Figures, goals: Goal[], day: string): Promise<Map<Measure, Figure>> {
  const measures = new Set(goals.flatMap(({ aim, state }) => (aim && state === 'open' ? [aim.measure] : [])));
  const found = new Map<Measure, Figure>();
  for (const measure of measures) found.set(measure, await figures.measure(measure, day));
  return found;
}
