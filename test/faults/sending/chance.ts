/** Repeatable chance: the same seed and name give the same numbers, in whatever order things happen. */
export interface Chance {
  /** In [0, 1). */
  next(): number;
  /** Whole, both ends included. */
  between(least: number, most: number): number;
  happens(share: number): boolean;
  pick<T>(of: readonly T[]): T;
  shuffled<T>(of: readonly T[]): T[];
}

/** Source: mulberry32 (Tommy Ettinger, public domain), its state from FNV-1a over the name. */
export function chance(seed: number, name: string): Chance {
  let state = seed >>> 0;
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  const shuffled = <T>(of: readonly T[]) => {
    const all = [...of];
    for (let i = all.length - 1; i > 0; i--) {
      const j = between(0, i);
      [all[i], all[j]] = [all[j] as T, all[i] as T];
    }
    return all;
  };
  return {
    next,
    between,
    happens: (share) => next() < share,
    pick: <T>(of: readonly T[]) => of[between(0, of.length - 1)] as T,
    shuffled,
  };
}
