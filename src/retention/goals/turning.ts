import { accountOf, type Actor } from '../../shared/actor.ts';
import { timestamp } from '../../shared/clock.ts';
import { Conflict } from '../../shared/errors.ts';
import type { Tx } from '../../storage/index.ts';
import type { Goal, GoalState } from './goal.ts';
import * as store from './goal-store.ts';
import { CHANGED, versionRow } from './versions.ts';
import { needsAhead, type GoalsDeps } from './writing.ts';

/** A goal was closed, or taken up again. */
export interface Turn {
  /** What it became. */
  state: GoalState;
  /** A plain date. */
  on: string;
  words: string;
  /** How it stood when it was closed. */
  value: number | null;
  accountId: string | null;
}

interface Ending {
  state: 'reached' | 'given_up';
  words: string;
}

interface Reopening {
  words: string;
  dueOn: string;
  target: number | null;
}

export interface Turning {
  /** Every closing and reopening, the newest first. */
  turns(id: string): Promise<Turn[]>;
  /** @throws Conflict where it changed meanwhile or is closed */
  end(actor: Actor, id: string, seen: number, how: Ending): Promise<void>;
  /**
   * Takes up a closed goal again. A new day or target makes the next version, which everybody is asked to read.
   * @throws Conflict where it changed meanwhile or is open, Invalid where the target does not lie ahead
   */
  reopen(actor: Actor, id: string, seen: number, how: Reopening): Promise<void>;
}

interface Known {
  get(id: string): Promise<Goal>;
  today(): Promise<string>;
  forget(): void;
}

/** Closes goals and takes them up again; both stay in their history. */
export function createTurning(
  { storage, clock, accounts, figures }: GoalsDeps,
  { get, today, forget }: Known,
): Turning {
  async function turn(tx: Tx, actor: Actor, goal_id: string, { state, on, words, value }: Omit<Turn, 'accountId'>) {
    const row = { goal_id, state, turned_on: on, words, value, account_id: accountOf(actor) };
    await store.insertTurn(tx, row);
    const action = `goals.${state === 'open' ? 'reopened' : state}`;
    await accounts.audit(tx, actor, action, { kind: 'goal', id: goal_id });
  }

  return {
    turns: async (id) => (await store.turnsOf(storage.read, id)).map(asTurn),
    async end(actor, id, seen, { state, words }) {
      const { aim } = await get(id);
      const on = await today();
      const value = aim ? (await figures.measure(aim.measure, on)).value : null;
      await storage.transaction(async (tx) => {
        const ended = { state, ended_on: on, ended_by: accountOf(actor), end_words: words, end_value: value };
        if (!(await store.changeGoal(tx, { id, seen, state: 'open' }, ended))) throw new Conflict(CHANGED);
        await turn(tx, actor, id, { state, on, words, value });
      });
      forget();
    },
    async reopen(actor, id, seen, { words, dueOn, target }) {
      const { aim, asked, state, texts, ownerId, dueOn: before } = await get(id);
      if (state === 'open') throw new Conflict(CHANGED);
      if (aim) needsAhead(aim.start.value, target, aim.direction);
      const isNew = dueOn !== before || (aim !== null && target !== aim.target);
      const number = isNew ? seen + 1 : seen;
      const on = await today();
      await storage.transaction(async (tx) => {
        const opened = { ...NOT_ENDED, number, asked: isNew ? number : asked };
        if (!(await store.changeGoal(tx, { id, seen, state }, opened))) throw new Conflict(CHANGED);
        if (isNew) {
          const given = { texts, ownerId, dueOn, target: aim && target };
          await store.insertVersion(tx, versionRow(id, number, given, { actor, asks: true, at: timestamp(clock) }));
        }
        await turn(tx, actor, id, { state: 'open', on, words, value: null });
      });
      forget();
    },
  };
}

const NOT_ENDED = { state: 'open', ended_on: null, ended_by: null, end_words: '', end_value: null } as const;

const asTurn = ({ state, turned_on, words, value, account_id }: store.TurnRow): Turn => ({
  state,
  on: turned_on,
  words,
  value,
  accountId: account_id,
});
