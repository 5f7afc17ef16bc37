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

/** Numbers for one item: its place and its counts. */
const EACH = 5;

/** As text: in base64, which both databases hold and which is read many times faster than numbers in digits. */
export function written(sums: Sums): string {
  const numbers = new Float64Array(sums.size * EACH);
  let at = 0;
  for (const [place, counts] of sums) {
    numbers[at] = place;
    numbers.set(counts, at + 1);
    at += EACH;
  }
  return Buffer.from(numbers.buffer).toString('base64');
}

/** Adds what was written to what is there. */
export function addWritten(sums: Sums, text: string): void {
  const numbers = new Float64Array(new Uint8Array(Buffer.from(text, 'base64')).buffer);
  for (let at = 0; at < numbers.length; at += EACH) {
    const counts = countsAt(sums, numbers[at]!);
    counts[0] += numbers[at + 1]!;
    counts[1] += numbers[at + 2]!;
    counts[2] += numbers[at + 3]!;
    counts[3] += numbers[at + 4]!;
  }
}

/** @param itemAt what stands at a place */
export const listOf = (sums: Sums, itemAt: (place: number) => Item | undefined): Sum[] =>
  Array.from(sums).flatMap(([place, [n, coded, chance, rest]]) => {
    const item = itemAt(place);
    return item ? [{ ...item, n, coded, chance, rest }] : [];
  });
