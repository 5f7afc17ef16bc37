import { ultimate, type Codebook } from '../codebook.ts';
import type { TaskRow } from '../task-store.ts';

/** What a response has to match, by field; {} covers every one. */
export type Covers = Record<string, string>;

export interface Threshold {
  covers: Covers;
  threshold: number;
}

type Numbered = Pick<TaskRow, 'question_key' | 'random_number'>;

/** A response has the permanent random number of its first answer, by key: all its answers are drawn together. */
export function numberOf(tasks: readonly Numbered[]): number {
  const [first] = [...tasks].sort((a, b) => (a.question_key < b.question_key ? -1 : 1));
  return first?.random_number ?? 1;
}

/** Whether an audit with that threshold takes a response with that number. */
export const isUnder = (number: number, threshold: number): boolean => number < threshold || threshold === 1;

const DIGITS = 2 ** 48;
const ONE_IN = 5;

/**
 * Whether two people code it: one response in five. Told by the last digits of its permanent number, which say nothing of
 * whether an audit takes it; so it is the same whenever it arrives and however often more are drawn.
 */
export const isForTwo = (number: number): boolean => Math.round(number * DIGITS) % ONE_IN === 0;

/** One person's codes, by their ids, as they were given. */
export interface Opinion {
  codes: string[];
  main: string | null;
}

/** The same, with every merged code as the one that it counts as today. */
export function asOfNow(opinion: Opinion, book: Codebook): Opinion {
  const now = (id: string) => ultimate(book, id)?.id ?? id;
  return { codes: [...new Set(opinion.codes.map(now))], main: opinion.main && now(opinion.main) };
}

/** Whether other codes have taken the place of one that was given: what was said so can no longer be said. */
export const isSplit = ({ codes }: Opinion, book: Codebook): boolean =>
  codes.some((id) => (ultimate(book, id)?.splitAt ?? null) !== null);

/** Whether they gave the same codes; and, where both named a main reason, the same one. */
export function isSame(one: Opinion, other: Opinion): boolean {
  const sameCodes = one.codes.length === other.codes.length && one.codes.every((id) => other.codes.includes(id));
  return sameCodes && (one.main === null || other.main === null || one.main === other.main);
}
