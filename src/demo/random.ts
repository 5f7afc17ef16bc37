const { imul, floor, exp, sqrt, log, cos, PI } = Math;

/** Chance that repeats: the same seed and name give the same draws, whatever other parts of the company draw. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number;
  /** A whole number from..to, both included. */
  int(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  weighted<T extends { weight: number }>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** Positive, with median 1. */
  lognormal(sigma: number): number;
}

export function randomOf(seed: number, name: string): Random {
  const next = mulberry32(hash(`${seed} ${name}`));
  const int = (from: number, to: number) => from + floor(next() * (to - from + 1));
  return {
    next,
    int,
    chance: (probability) => next() < probability,
    pick: (list) => at(list, floor(next() * list.length)),
    weighted: (list) => weighted(list, next()),
    shuffled: (list) => shuffled(list, int),
    lognormal: (sigma) => exp(sigma * normal(next)),
  };
}

/** Mulberry32, a 32-bit generator in the public domain (T. Ettinger): small, and even enough for made-up people. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

function at<T>(list: readonly T[], index: number): T {
  const found = list[index];
  if (found === undefined) throw new RangeError('nothing to pick from');
  return found;
}

function weighted<T extends { weight: number }>(list: readonly T[], draw: number): T {
  let left = draw * list.reduce((sum, one) => sum + one.weight, 0);
  for (const one of list) if ((left -= one.weight) < 0) return one;
  return at(list, list.length - 1);
}

function shuffled<T>(list: readonly T[], int: Random['int']): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = int(0, i);
    [copy[i], copy[j]] = [at(copy, j), at(copy, i)];
  }
  return copy;
}

/** Box and Muller 1958. */
function normal(next: () => number): number {
  return sqrt(-2 * log(1 - next())) * cos(2 * PI * next());
}
