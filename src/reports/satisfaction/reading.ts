import type { Storage } from '../../storage/index.ts';
import { placeOf, type Filter, type Of } from './filter.ts';
import type { Kind } from './folding.ts';
import { createItems } from './items.ts';
import { sumsByMonth, sumsIn } from './span-store.ts';
import { spansOf, type SpanRange } from './spans.ts';
import type { Sum } from './sums.ts';

export type Reading = ReturnType<typeof createReading>;

/** What was counted, read from sums of days and months. */
export function createReading({ read }: Pick<Storage, 'read'>) {
  const items = createItems({ read });

  const sumsOf = async (kind: Kind, { period, of }: Filter): Promise<Sum[]> =>
    await items.listOf(await sumsIn(read, kind, spansOf(period), placeOf(of)));

  return {
    /** How many gave which score, by part. */
    scores: (filter: Filter): Promise<Sum[]> => sumsOf('score', filter),

    /** What is said in words, by question and code; and the same of audits, see `audited.ts`. */
    async words(filter: Filter): Promise<{ codes: Sum[]; audited: Sum[] }> {
      return { codes: await sumsOf('code', filter), audited: await sumsOf('audited', filter) };
    },

    /** Scores by month ('2026-11'), topic and score. */
    async scoresByMonth({ from, to }: SpanRange, of: Of): Promise<(Sum & { month: string })[]> {
      const byMonth: (Sum & { month: string })[] = [];
      for (const [month, sums] of await sumsByMonth(read, 'score', { from: `m${from}`, to: `m${to}` }, placeOf(of)))
        byMonth.push(...(await items.listOf(sums)).map((sum) => ({ ...sum, month })));
      return byMonth;
    },
  };
}
