import type { Figure, Measure } from '../figures.ts';
import type { Readable } from '../reading/service.ts';
import type { Wording } from '../wording.ts';

export type Direction = 'up' | 'down';
export type GoalState = 'open' | 'reached' | 'given_up';

/** What a goal is written in. */
export const GOAL_PARTS = { title: 120, words: 2000 };

export interface Goal extends Readable {
  /** By language: title and words. */
  texts: Wording;
  ownerId: string;
  /** A plain date: by when. */
  dueOn: string;
  /** Null where it is a matter of words. */
  aim: Aim | null;
  state: GoalState;
  startedOn: string;
  endedOn: string | null;
  endWords: string;
  /** How it stood when it ended. */
  endValue: number | null;
  createdAt: string;
}

export interface Aim {
  measure: Measure;
  direction: Direction;
  /** A share from 0 to 1, or money in minor units. */
  target: number;
  /** How it stood when the goal was written. */
  start: Figure;
}

export interface GoalVersion {
  number: number;
  texts: Wording;
  ownerId: string;
  dueOn: string;
  target: number | null;
  asks: boolean;
  accountId: string | null;
  createdAt: string;
}

export interface GoalText {
  texts: Wording;
  ownerId: string;
  dueOn: string;
  target: number | null;
}

export interface NewGoal extends GoalText {
  measure: Measure | null;
  direction: Direction | null;
}

export const unitOf = (measure: Measure): Figure['unit'] => (measure === 'money_lost' ? 'money' : 'share');
