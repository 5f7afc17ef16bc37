import type { Storage } from '../../storage/index.ts';
import { chosenIn, type Filter, type Of } from './filter.ts';
import { createFolding, type Kind } from './folding.ts';
import type { Counted } from './parts.ts';
import { responsesIn, type At } from './responses-store.ts';
import { EVERYBODY, sumsByMonth, sumsIn, type Place } from './span-store.ts';
import { spansOf, type SpanRange } from './spans.ts';
import { listOf, type Sum, type Sums } from './sums.ts';

export type Reading = ReturnType<typeof createReading>;

const AT_ONCE = 500;

/** What was counted, read from sums of days and months; with several fields in the filter it is counted answer by answer. */
export function createReading({ read }: Pick<Storage, 'read'>) {
  /** The sums of everybody or of one value; undefined where only counting tells. */
  const placeOf = (of: Of): Place | undefined => {
    const [first, second] = chosenIn(of);
    return second ? undefined : (first ?? EVERYBODY);
  };

  /** Some at a time, so that nobody waits for them all. */
  async function eachOf(filter: Filter, kind: Kind, take: (response: Counted) => void): Promise<void> {
    for (let after: At | null | undefined = null; after !== undefined;) {
      const some: Counted[] = await responsesIn(read, filter, after, AT_ONCE, kind);
      some.forEach(take);
      after = some.length === AT_ONCE ? some.at(-1) : undefined;
      await new Promise(setImmediate);
    }
  }

  async function counted(filter: Filter, kind: Kind): Promise<Sums> {
    const folding = createFolding(['']);
    await eachOf(filter, kind, folding.add);
    return folding.of(kind);
  }

  async function countedByMonth({ from, to }: SpanRange, of: Of): Promise<Map<string, Sums>> {
    const foldings = new Map<string, ReturnType<typeof createFolding>>();
    await eachOf({ period: { from: `${from}-01`, to: `${to}-31` }, of }, 'score', (each) => {
      const month = each.day.slice(0, 7);
      const folding = foldings.get(month) ?? createFolding(['']);
      foldings.set(month, folding);
      folding.add(each);
    });
    return new Map(Array.from(foldings, ([month, folding]) => [month, folding.of('score')]));
  }

  return {
    /** By topic and item. */
    async sums(kind: Kind, filter: Filter): Promise<Sum[]> {
      const place = placeOf(filter.of);
      const { period } = filter;
      return listOf(place ? await sumsIn(read, kind, spansOf(period), place) : await counted(filter, kind));
    },

    /** Scores by month ('2026-11'), topic and score. */
    async scoresByMonth(months: SpanRange, of: Of) {
      const place = placeOf(of);
      const byMonth = place
        ? await sumsByMonth(read, 'score', { from: `m${months.from}`, to: `m${months.to}` }, place)
        : await countedByMonth(months, of);
      return Array.from(byMonth, ([month, sums]) => listOf(sums).map((sum) => ({ ...sum, month }))).flat();
    },
  };
}
