import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict, Invalid } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import type { RetentionDeps } from '../deps.ts';
import type { Figure } from '../figures.ts';
import { needsOwner } from '../owners.ts';
import type { Direction, Goal, GoalText, NewGoal } from './goal.ts';
import { changeGoal, insertGoal, insertVersion } from './goal-store.ts';
import { isAhead } from './rules.ts';
import { CHANGED, versionRow } from './versions.ts';

export type GoalsDeps = Pick<RetentionDeps, 'storage' | 'clock' | 'accounts' | 'figures'>;

/**
 * Begins a goal on that day (a plain date). @returns its id
 * @throws Invalid where the target does not lie ahead, or nobody of that id works here
 */
export async function createGoal(deps: GoalsDeps, actor: Actor, given: NewGoal, startedOn: string): Promise<string> {
  const { storage, clock, accounts, figures } = deps;
  await needsOwner(deps, given.ownerId);
  const { measure, direction, target } = given;
  const start = measure === null ? null : await figures.measure(measure, startedOn);
  if (start && direction) needsAhead(start.value, target, direction);
  const id = newId(clock);
  const at = timestamp(clock);
  const aim = { measure, direction, started_on: startedOn, ...startRow(start) };
  await storage.transaction(async (tx) => {
    await insertGoal(tx, { ...UNDER_WAY, id, ...aim, created_at: at });
    await insertVersion(tx, versionRow(id, 1, given, { actor, asks: true, at }));
    await accounts.audit(tx, actor, 'goals.created', { kind: 'goal', id }, { measure });
  });
  return id;
}

/**
 * The version after number `seen`. With `asks`, everybody is asked to read it again.
 * @throws Conflict where somebody changed it meanwhile or it has ended, Invalid
 */
export async function writeGoal(
  deps: GoalsDeps,
  actor: Actor,
  { id, aim, asked }: Goal,
  seen: number,
  { asks, ...given }: GoalText & { asks: boolean },
): Promise<void> {
  const { storage, clock, accounts } = deps;
  await needsOwner(deps, given.ownerId);
  if (aim) needsAhead(aim.start.value, given.target, aim.direction);
  const number = seen + 1;
  const text = { ...given, target: aim ? given.target : null };
  await storage.transaction(async (tx) => {
    const changed = { number, asked: asks ? number : asked };
    if (!(await changeGoal(tx, { id, seen, state: 'open' }, changed))) throw new Conflict(CHANGED);
    await insertVersion(tx, versionRow(id, number, text, { actor, asks, at: timestamp(clock) }));
    await accounts.audit(tx, actor, 'goals.written', { kind: 'goal', id }, { number });
  });
}

/** @throws Invalid where the target is reached before anybody has begun */
export function needsAhead(start: number | null, target: number | null, direction: Direction): void {
  if (!isAhead(start, target ?? 0, direction)) throw new Invalid({ target: { key: 'goals.error.ahead' } });
}

const UNDER_WAY = {
  number: 1,
  asked: 1,
  state: 'open' as const,
  ended_on: null,
  ended_by: null,
  end_words: '',
  end_value: null,
};

const startRow = (start: Figure | null) => ({
  start_value: start?.value ?? null,
  start_low: start?.low ?? null,
  start_high: start?.high ?? null,
  start_base: start?.base ?? null,
});
