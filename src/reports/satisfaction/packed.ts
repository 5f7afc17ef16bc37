import { createPacking, unpacking } from '../../shared/packed-numbers.ts';
import { countsAt, type Sums } from './sums.ts';

/** How a count is written: not at all, as a whole number, as one of ten-thousandths (as chances are told), or as it is. */
const [NOTHING, WHOLE, PARTS, AS_IT_IS] = [0, 1, 2, 3];
const PARTS_OF_ONE = 10_000;
/** What adding up leaves in the last digits. */
const ROUNDED = 1e-6;
/** Whole numbers are written up to this one. */
const MOST = 2 ** 31;

/** Sums as text: of each item stands its place, a byte that says how each of its counts is written, and the counts. */
export function written(sums: Sums): string {
  const to = createPacking();
  for (const [place, counts] of sums) {
    const ways = Array.from(counts, wayOf);
    to.whole(place);
    to.byte(ways.reduce((all, way, i) => all | (way << (2 * i)), 0));
    for (const [i, way] of ways.entries()) {
      const count = counts[i]!;
      if (way === AS_IT_IS) to.exact(count);
      else if (way !== NOTHING) to.whole(Math.round(way === PARTS ? count * PARTS_OF_ONE : count));
    }
  }
  return to.text();
}

function wayOf(count: number): number {
  if (count === 0) return NOTHING;
  const parts = count * PARTS_OF_ONE;
  if (count < 0 || parts >= MOST) return AS_IT_IS;
  if (Number.isInteger(count)) return WHOLE;
  return Math.abs(parts - Math.round(parts)) < ROUNDED ? PARTS : AS_IT_IS;
}

/** Adds what was written to what is there. */
export function addWritten(sums: Sums, text: string): void {
  const from = unpacking(text);
  while (!from.isAtEnd()) {
    const counts = countsAt(sums, from.whole());
    let ways = from.byte();
    for (let i = 0; ways > 0; i++, ways >>= 2) {
      const way = ways & AS_IT_IS;
      if (way === WHOLE) counts[i]! += from.whole();
      else if (way === PARTS) counts[i]! += from.whole() / PARTS_OF_ONE;
      else if (way === AS_IT_IS) counts[i]! += from.exact();
    }
  }
}
