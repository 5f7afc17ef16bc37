import type { Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { dayIn } from '../../shared/dates.ts';
import { Conflict, Invalid, NotFound } from '../../shared/errors.ts';
import { newId } from '../../shared/ids.ts';
import { createCounts } from '../counts.ts';
import type { RetentionDeps } from '../deps.ts';
import { MEASURES, type Figure, type Measure } from '../figures.ts';
import { createReading } from '../reading/service.ts';
import { readWording } from '../wording.ts';
import { unitOf, type Aim, type Goal, type GoalText, type GoalVersion, type NewGoal } from './goal.ts';
import * as store from './goal-store.ts';
import { isAhead, standingOf, type Standing } from './rules.ts';
import { createTurning, type Turning } from './turning.ts';
import { asVersion, CHANGED, versionRow } from './versions.ts';

/** A goal with today's figure. */
export interface GoalProgress {
  goal: Goal;
  /** Null for a goal of words alone, and for one that has ended. */
  now: Figure | null;
  standing: Standing;
}

type Deps = Pick<RetentionDeps, 'storage' | 'clock' | 'accounts' | 'figures'>;

export interface Goals extends Turning {
  /** Goals under way, or the ended ones too, the next due first. */
  list(options?: { ended?: boolean }): Promise<Goal[]>;
  /** @throws NotFound */
  get(id: string): Promise<Goal>;
  versions(id: string): Promise<GoalVersion[]>;
  /** How the goals under way stand on that day, or all of them; each figure is worked out once. */
  progress(today: string, options?: { ended?: boolean }): Promise<GoalProgress[]>;
  progressOf(goal: Goal, today: string): Promise<GoalProgress>;
  /** What the figure would start from, were a goal written on that day. */
  startOf(measure: Measure, today: string): Promise<Figure>;
  today(): Promise<string>;
  /** How many goals somebody has still to read. */
  unread(accountId: string): Promise<number>;
  reading: ReturnType<typeof createReading>;
  /** @throws Invalid where the target does not lie ahead, or nobody of that id works here */
  create(actor: Actor, given: NewGoal): Promise<string>;
  /**
   * The next version. With `asks`, everybody is asked to read it again.
   * @throws Conflict where somebody changed it meanwhile or it has ended, Invalid
   */
  write(actor: Actor, id: string, seen: number, given: GoalText & { asks: boolean }): Promise<void>;
  /** @throws Conflict where there is a newer version than the one that was read */
  confirm(actor: Actor, id: string, number: number): Promise<void>;
}

/** What the business wants to reach, written down, read by everybody, and held against live figures. */
export function createGoals(deps: Deps): Goals {
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

  /** Each measure once for all goals that are about it. */
  async function figuresOf(goals: Goal[], day: string): Promise<Map<Measure, Figure>> {
    const measures = new Set(goals.flatMap(({ aim, state }) => (aim && state === 'open' ? [aim.measure] : [])));
    const found = new Map<Measure, Figure>();
    for (const measure of measures) found.set(measure, await figures.measure(measure, day));
    return found;
  }

  const progress: Goals['progress'] = async (day, options = {}) => {
    const goals = await list(options);
    const known = await figuresOf(goals, day);
    return goals.map((goal) => progressWith(goal, goal.aim ? (known.get(goal.aim.measure) ?? null) : null));
  };

  async function owned(ownerId: string): Promise<void> {
    const colleague = await accounts.colleague(ownerId);
    if (!colleague?.active) throw new Invalid({ owner: { key: 'goals.error.owner' } });
  }

  return {
    ...createTurning(deps, { get, today, forget: counts.forget }),
    list,
    get,
    progress,
    today,
    reading,
    versions: async (id) => (await store.versionsOf(read, id)).map(asVersion),
    async progressOf(goal, day) {
      const known = await figuresOf([goal], day);
      return progressWith(goal, goal.aim ? (known.get(goal.aim.measure) ?? null) : null);
    },
    startOf: figures.measure,
    unread: (accountId) => counts.of(accountId, async () => await reading.unread(accountId, await list())),
    async create(actor, given) {
      await owned(given.ownerId);
      const { measure, direction, target } = given;
      const startedOn = await today();
      const start = measure === null ? null : await figures.measure(measure, startedOn);
      if (start && direction && !isAhead(start.value, target ?? 0, direction))
        throw new Invalid({ target: { key: 'goals.error.ahead' } });
      const id = newId(clock);
      await storage.transaction(async (tx) => {
        await store.insertGoal(tx, {
          ...blankRow,
          id,
          measure,
          direction,
          started_on: startedOn,
          ...startRow(start),
          created_at: timestamp(clock),
        });
        await store.insertVersion(tx, versionRow(id, 1, given, { actor, asks: true, at: timestamp(clock) }));
        await accounts.audit(tx, actor, 'goals.created', { kind: 'goal', id }, { measure });
      });
      counts.forget();
      return id;
    },
    async write(actor, id, seen, { asks, ...given }) {
      await owned(given.ownerId);
      const { aim, asked } = await get(id);
      if (aim && !isAhead(aim.start.value, given.target ?? 0, aim.direction))
        throw new Invalid({ target: { key: 'goals.error.ahead' } });
      const number = seen + 1;
      await storage.transaction(async (tx) => {
        if (!(await store.changeGoal(tx, { id, seen, state: 'open' }, { number, asked: asks ? number : asked })))
          throw new Conflict(CHANGED);
        const target = aim ? given.target : null;
        await store.insertVersion(
          tx,
          versionRow(id, number, { ...given, target }, { actor, asks, at: timestamp(clock) }),
        );
        await accounts.audit(tx, actor, 'goals.written', { kind: 'goal', id }, { number });
      });
      counts.forget();
    },
    async confirm(actor, id, number) {
      await storage.transaction(async (tx) => {
        const goal = await store.findGoal(tx, id);
        if (!goal) throw new NotFound();
        if (goal.state !== 'open') throw new Conflict('goals.error.ended');
        if (goal.number !== number) throw new Conflict('goals.error.newer');
        if (!(await reading.confirm(tx, actor.id ?? '', { id, number }))) return;
        await accounts.audit(tx, actor, 'goals.read', { kind: 'goal', id }, { number });
      });
      counts.forget();
    },
  };
}

function progressWith(goal: Goal, now: Figure | null): GoalProgress {
  const standing: Standing = goal.aim && now ? standingOf(goal.aim, now) : { name: 'words', way: null };
  return { goal, now, standing };
}

const blankRow = {
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

function asGoal(row: NonNullable<Awaited<ReturnType<typeof store.findGoal>>>): Goal {
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

function aimOf(row: store.GoalRow & { target: number | null }): Aim | null {
  const measure = MEASURES.find((each) => each === row.measure);
  if (!measure || !row.direction || row.target === null) return null;
  const { start_value: value, start_low: low, start_high: high, start_base: base } = row;
  const start = { value, low, high, base: base ?? 0, unit: unitOf(measure) };
  return { measure, direction: row.direction, target: row.target, start };
}
