import { f1, plus, type Counts } from './figures.ts';

/** Micro-F1 of two models on the same answers, which neither had seen; `error` is the standard error of the difference. */
export interface Comparison {
  answers: number;
  before: number;
  after: number;
  error: number;
}

/** What two models got right of one answer. */
export interface Pair {
  before: Counts;
  after: Counts;
}

const NOTHING: Counts = { hit: 0, truths: 0, told: 0 };

/**
 * Compares answer by answer. The error of the difference comes from each answer's influence on it (the delta method for a
 * ratio of sums, as in Cochran 1977, chapter 6): F1 = 2 hits / given moves with one answer by (2 hit - F1 given) / all given.
 */
export function compare(pairs: Pair[]): Comparison {
  const total = (of: keyof Pair) => pairs.map((pair) => pair[of]).reduce(plus, NOTHING);
  const [before, after] = [total('before'), total('after')];
  const influences = pairs.map((pair) => influence(pair.after, after) - influence(pair.before, before));
  const squares = influences.reduce((sum, each) => sum + each ** 2, 0);
  const answers = pairs.length;
  return {
    answers,
    before: f1(before),
    after: f1(after),
    error: Math.sqrt((squares * answers) / Math.max(1, answers - 1)),
  };
}

const influence = (one: Counts, all: Counts): number =>
  (2 * one.hit - f1(all) * (one.truths + one.told)) / Math.max(1, all.truths + all.told);

/** Whether the second does better by more than so many standard errors. */
export const isAhead = ({ before, after, error }: Comparison, errors: number): boolean =>
  after - before > errors * error;
