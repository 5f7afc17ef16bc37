/** How many are left out for which reason, and from when the first and the last of them may be asked again. */
export interface LeftOutCount<Why> {
  why: Why;
  count: number;
  from: string | null;
  until: string | null;
}

export interface Tally<Why> {
  add(why: Why, until: string | null): void;
  /** In the order of the reasons. */
  result(): LeftOutCount<Why>[];
}

export function createTally<Why extends string>(reasons: readonly Why[]): Tally<Why> {
  const counts = new Map<Why, LeftOutCount<Why>>();
  return {
    add(why, until) {
      const known = counts.get(why) ?? { why, count: 0, from: until, until };
      counts.set(why, known);
      known.count++;
      if (until === null) return;
      if (known.from === null || until < known.from) known.from = until;
      if (known.until === null || until > known.until) known.until = until;
    },
    result: () =>
      reasons.flatMap((why) => {
        const each = counts.get(why);
        return each ? [each] : [];
      }),
  };
}
