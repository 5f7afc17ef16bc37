import type { Item } from './places.ts';

/**
 * How many, of one item:
 * - of a score: responses, then nothing
 * - of a code of a question ('' standing for all who wrote): answers that colleagues gave it to (all answers); of all who wrote,
 *   those that colleagues coded; the sum of the engine's chances (answers that it has read); the same where no colleague coded
 * - of a code in an audit: see `audited.ts`
 */
export type Counts = [number, number, number, number];

/** By the place of the item; those of days add up to those of months. */
export type Sums = Map<number, Counts>;

export interface Sum extends Item {
  n: number;
  coded: number;
  chance: number;
  rest: number;
}

export function countsAt(sums: Sums, place: number): Counts {
  let counts = sums.get(place);
  if (!counts) sums.set(place, (counts = [0, 0, 0, 0]));
  return counts;
}

/** Adds the second to the first. */
export function addSums(to: Sums, more: Sums): Sums {
  for (const [place, [n, coded, chance, rest]] of more) {
    const counts = countsAt(to, place);
    counts[0] += n;
    counts[1] += coded;
    counts[2] += chance;
    counts[3] += rest;
  }
  return to;
}

/** @param itemAt what stands at a place */
export const listOf = (sums: Sums, itemAt: (place: number) => Item | undefined): Sum[] =>
  Array.from(sums).flatMap(([place, [n, coded, chance, rest]]) => {
    const item = itemAt(place);
    return item ? [{ ...item, n, coded, chance, rest }] : [];
  });
