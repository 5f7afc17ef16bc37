import type { Actor } from '../../shared/actor.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, NotFound } from '../../shared/errors.ts';
import { createCounts } from '../counts.ts';
import { createReading, type Reading } from '../reading/service.ts';
import type { Goal, GoalText, GoalVersion, NewGoal } from './goal.ts';
import { asGoal } from './goal-row.ts';
import * as store from './goal-store.ts';
import { progressOf, type GoalProgress } from './progress.ts';
import { createTurning, type Turning } from './turning.ts';
import { asVersion } from './versions.ts';
import { createGoal, writeGoal, type GoalsDeps } from './writing.ts';

interface Goals extends Turning {
  /** Goals under way, or the ended ones too, the next due first. */
  list(options?: { ended?: boolean }): Promise<Goal[]>;
  /** @throws NotFound */
  get(id: string): Promise<Goal>;
  versions(id: string): Promise<GoalVersion[]>;
  /** How the goals under way stand on that day, or all of them; each figure is worked out once. */
  progress(today: string, options?: { ended?: boolean }): Promise<GoalProgress[]>;
  progressOf(goal: Goal, today: string): Promise<GoalProgress>;
  today(): Promise<string>;
  /** How many goals somebody has still to read. */
  unread(accountId: string): Promise<number>;
  reading: Reading;
  /** @throws Invalid where the target does not lie ahead, or nobody of that id works here */
  create(actor: Actor, given: NewGoal): Promise<string>;
  /**
   * The version after number `seen`. With `asks`, everybody is asked to read it again.
   * @throws Conflict where somebody changed it meanwhile or it has ended, Invalid
   */
  write(actor: Actor, id: string, seen: number, given: GoalText & { asks: boolean }): Promise<void>;
  /** @throws Conflict where there is a newer version than the one that was read */
  confirm(actor: Actor, id: string, number: number): Promise<void>;
}

/** What the business wants to reach, written down, read by everybody, and held against live figures. */
export function createGoals(deps: GoalsDeps): Goals {
  const { storage, clock, accounts, figures } = deps;
  const { read } = storage;
  const reading = createReading({ storage, clock, accounts });
  const counts = createCounts(() => clock.now().getTime());
  const today = async () => dayIn((await accounts.company()).timeZone, clock.now());

  const list: Goals['list'] = async ({ ended = false } = {}) =>
    (await store.allGoals(read)).map(asGoal).filter((goal) => ended || goal.state === 'open');

  async function get(id: string): Promise<Goal> {
    const row = await store.findGoal(read, id);
    if (!row) throw new NotFound();
    return asGoal(row);
  }

  return {
    ...createTurning(deps, { get, today, forget: counts.forget }),
    list,
    get,
    today,
    reading,
    versions: async (id) => (await store.versionsOf(read, id)).map(asVersion),
    progress: async (day, options = {}) => await progressOf(figures, await list(options), day),
    async progressOf(goal, day) {
      const [progress] = await progressOf(figures, [goal], day);
      return progress!;
    },
    unread: (accountId) => counts.of(accountId, async () => await reading.unread(accountId, await list())),
    async create(actor, given) {
      const id = await createGoal(deps, actor, given, await today());
      counts.forget();
      return id;
    },
    async write(actor, id, seen, given) {
      await writeGoal(deps, actor, await get(id), seen, given);
      counts.forget();
    },
    async confirm(actor, id, number) {
      await confirm(deps, reading, actor, id, number);
      counts.forget();
    },
  };
}

async function confirm(
  { storage, accounts }: GoalsDeps,
  reading: Reading,
  actor: Actor,
  id: string,
  number: number,
): Promise<void> {
  await storage.transaction(async (tx) => {
    const goal = await store.findGoal(tx, id);
    if (!goal) throw new NotFound();
    if (goal.state !== 'open') throw new Conflict('goals.error.ended');
    if (goal.number !== number) throw new Conflict('goals.error.newer');
    if (!(await reading.confirm(tx, actor.id ?? '', { id, number }))) return;
    await accounts.audit(tx, actor, 'goals.read', { kind: 'goal', id }, { number });
  });
}
