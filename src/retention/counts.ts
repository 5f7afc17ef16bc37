const FRESH_MS = 60_000;

/** The count stands on every page of staff: kept for a minute, and forgotten when this process changes something. */
export function createCounts(clock: () => number) {
  let kept = new Map<string, { at: number; count: Promise<number> }>();
  return {
    of(key: string, count: () => Promise<number>): Promise<number> {
      const known = kept.get(key);
      const at = clock();
      if (known && at >= known.at && at < known.at + FRESH_MS) return known.count;
      const fresh = { at, count: count() };
      kept.set(key, fresh);
      fresh.count.catch(() => kept.delete(key));
      return fresh.count;
    },
    forget(): void {
      kept = new Map();
    },
  };
}
