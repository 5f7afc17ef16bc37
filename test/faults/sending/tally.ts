/** How often something happened: in how many runs, and to how many messages. */
export interface Tally {
  /** It happened in this run, to so many messages. */
  met(what: string, messages: number): void;
  add(other: Tally): void;
  all(): [what: string, { runs: number; messages: number }][];
}

export function createTally(): Tally {
  const counts = new Map<string, { runs: number; messages: number }>();
  const own = new Set<string>();
  const count = (what: string, runs: number, messages: number) => {
    const before = counts.get(what) ?? { runs: 0, messages: 0 };
    counts.set(what, { runs: before.runs + runs, messages: before.messages + messages });
  };
  return {
    met(what, messages) {
      count(what, own.has(what) || messages === 0 ? 0 : 1, messages);
      if (messages > 0) own.add(what);
    },
    add(other) {
      for (const [what, { runs, messages }] of other.all()) count(what, runs, messages);
    },
    all: () => [...counts].sort(([a], [b]) => (a < b ? -1 : 1)),
  };
}
