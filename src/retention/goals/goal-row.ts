import { MEASURES } from '../figures.ts';
import { readWording } from '../wording.ts';
import { unitOf, type Aim, type Goal } from './goal.ts';
import type { WholeGoal, GoalRow } from './goal-store.ts';

/** A goal as the database keeps it. */
export function asGoal(row: WholeGoal): Goal {
  return {
    id: row.id,
    number: row.number,
    asked: row.asked,
    texts: readWording(row.texts),
    ownerId: row.owner_id,
    dueOn: row.due_on,
    aim: aimOf(row),
    state: row.state,
    startedOn: row.started_on,
    endedOn: row.ended_on,
    endWords: row.end_words,
    endValue: row.end_value,
    createdAt: row.created_at,
  };
}

function aimOf(row: GoalRow & { target: number | null }): Aim | null {
  const measure = MEASURES.find((each) => each === row.measure);
  if (!measure || !row.direction || row.target === null) return null;
  const { start_value: value, start_low: low, start_high: high, start_base: base } = row;
  const start = { value, low, high, base: base ?? 0, unit: unitOf(measure) };
  return { measure, direction: row.direction, target: row.target, start };
}
