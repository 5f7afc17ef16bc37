import { accountOf, type Actor } from '../../shared/actor.ts';
import { readWording } from '../wording.ts';
import type { GoalText, GoalVersion } from './goal.ts';
import type { VersionRow } from './goal-store.ts';

/** What somebody is told who changes a goal that a colleague has changed meanwhile. */
export const CHANGED = 'goals.error.changed';

export function versionRow(
  goal_id: string,
  number: number,
  { texts, ownerId, dueOn, target }: GoalText,
  { actor, asks, at }: { actor: Actor; asks: boolean; at: string },
): VersionRow {
  const written = { texts: JSON.stringify(texts), owner_id: ownerId, due_on: dueOn, target };
  return { goal_id, number, ...written, asks: asks ? 1 : 0, account_id: accountOf(actor), created_at: at };
}

export const asVersion = (row: VersionRow): GoalVersion => ({
  number: row.number,
  texts: readWording(row.texts),
  ownerId: row.owner_id,
  dueOn: row.due_on,
  target: row.target,
  asks: row.asks === 1,
  accountId: row.account_id,
  createdAt: row.created_at,
});
