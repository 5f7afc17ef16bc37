import { countsAt, type Sums } from './sums.ts';

/** How a count is written: not at all, as a whole number, as one of ten-thousandths (as chances are told), or as it is. */
const [NOTHING, WHOLE, PARTS, AS_IT_IS] = [0, 1, 2, 3];
const PARTS_OF_ONE = 10_000;
/** What adding up leaves in the last digits. */
const ROUNDED = 1e-6;
/** Whole numbers are written in sevens of bits, up to this one. */
const MOST = 2 ** 31;
const BITS = 7;
const LONGEST_NUMBER = 5;
const LONGEST_COUNT = 8;
const LONGEST = LONGEST_NUMBER + 1 + 4 * LONGEST_COUNT;

/**
 * Sums as text: in base64, which both databases hold and which is read many times faster than numbers in digits. Of each item
 * stands its place, a byte that says how each of its counts is written, and the counts.
 */
export function written(sums: Sums): string {
  const bytes = Buffer.alloc(sums.size * LONGEST);
  let end = 0;
  for (const [place, counts] of sums) {
    end = writeNumber(bytes, end, place);
    const at = end++;
    for (const [i, count] of counts.entries()) {
      const way = wayOf(count);
      bytes[at]! |= way << (2 * i);
      if (way === AS_IT_IS) end = bytes.writeDoubleLE(count, end);
      else if (way !== NOTHING) end = writeNumber(bytes, end, Math.round(way === PARTS ? count * PARTS_OF_ONE : count));
    }
  }
  return bytes.toString('base64', 0, end);
}

function wayOf(count: number): number {
  if (count === 0) return NOTHING;
  const parts = count * PARTS_OF_ONE;
  if (count < 0 || parts >= MOST) return AS_IT_IS;
  if (Number.isInteger(count)) return WHOLE;
  return Math.abs(parts - Math.round(parts)) < ROUNDED ? PARTS : AS_IT_IS;
}

function writeNumber(bytes: Buffer, start: number, number: number): number {
  let [at, left] = [start, number];
  for (; left >= 1 << BITS; left >>>= BITS) bytes[at++] = (left & 0x7f) | 0x80;
  bytes[at++] = left;
  return at;
}

/** Adds what was written to what is there. */
export function addWritten(sums: Sums, text: string): void {
  const bytes = Buffer.from(text, 'base64');
  let at = 0;
  const number = (): number => {
    let [read, shift] = [0, 0];
    for (; bytes[at]! > 0x7f; shift += BITS) read |= (bytes[at++]! & 0x7f) << shift;
    return (read | (bytes[at++]! << shift)) >>> 0;
  };
  const exactly = (): number => bytes.readDoubleLE((at += LONGEST_COUNT) - LONGEST_COUNT);
  while (at < bytes.length) {
    const counts = countsAt(sums, number());
    let ways = bytes[at++]!;
    for (let i = 0; ways > 0; i++, ways >>= 2) {
      const way = ways & AS_IT_IS;
      if (way === WHOLE) counts[i]! += number();
      else if (way === PARTS) counts[i]! += number() / PARTS_OF_ONE;
      else if (way === AS_IT_IS) counts[i]! += exactly();
    }
  }
}
