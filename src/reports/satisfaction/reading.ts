import type { Storage } from '../../storage/index.ts';
import type { Ultimate } from './audited.ts';
import { chosenIn, type Filter, type Of } from './filter.ts';
import { createFolding, type Kind } from './folding.ts';
import { createItems } from './items.ts';
import type { Counted } from './parts.ts';
import { createPlaces } from './places.ts';
import type { Remembered } from './remembering.ts';
import { responsesIn, type At } from './responses-store.ts';
import { EVERYBODY, sumsByMonth, sumsIn, type Place } from './span-store.ts';
import { spansOf, type SpanRange } from './spans.ts';
import { listOf, type Sum } from './sums.ts';

export type Reading = ReturnType<typeof createReading>;

const AT_ONCE = 500;
const AS_IT_IS: Ultimate = (codeId) => codeId;

/** What was counted, read from sums of days and months; with several fields in the filter it is counted answer by answer. */
export function createReading({ read }: Pick<Storage, 'read'>, remembered: Remembered) {
  const items = createItems({ read });

  /** The sums of everybody or of one value; undefined where only counting tells. */
  const placeOf = (of: Of): Place | undefined => {
    const [first, second] = chosenIn(of);
    return second ? undefined : (first ?? EVERYBODY);
  };

  const kept = async (kind: Kind, { period }: Filter, place: Place): Promise<Sum[]> =>
    await items.listOf(await sumsIn(read, kind, spansOf(period), place));

  /** Some at a time, so that nobody waits for them all. */
  async function eachOf(filter: Filter, isWorded: boolean, take: (response: Counted) => void): Promise<void> {
    for (let after: At | null | undefined = null; after !== undefined;) {
      const some: Counted[] = await responsesIn(read, filter, after, AT_ONCE, isWorded);
      some.forEach(take);
      after = some.length === AT_ONCE ? some.at(-1) : undefined;
      await new Promise(setImmediate);
    }
  }

  /** Answer by answer; remembered until something changes. */
  function counted(filter: Filter, isWorded: boolean, ultimate: Ultimate): Promise<(kind: Kind) => Sum[]> {
    return remembered(JSON.stringify(['counted', isWorded, filter]), async () => {
      const places = createPlaces();
      const folding = createFolding([''], places, ultimate);
      await eachOf(filter, isWorded, folding.add);
      return (kind) => listOf(folding.of(kind), places.itemAt);
    });
  }

  function countedByMonth({ from, to }: SpanRange, of: Of): Promise<[month: string, scores: Sum[]][]> {
    const period = { from: `${from}-01`, to: `${to}-31` };
    return remembered(JSON.stringify(['by month', period, of]), async () => {
      const places = createPlaces();
      const foldings = new Map<string, ReturnType<typeof createFolding>>();
      await eachOf({ period, of }, false, (each) => {
        const month = each.day.slice(0, 7);
        const folding = foldings.get(month) ?? createFolding([''], places, AS_IT_IS);
        foldings.set(month, folding);
        folding.add(each);
      });
      return Array.from(foldings, ([month, folding]) => [month, listOf(folding.of('score'), places.itemAt)]);
    });
  }

  async function keptByMonth({ from, to }: SpanRange, place: Place): Promise<[month: string, scores: Sum[]][]> {
    const byMonth: [string, Sum[]][] = [];
    for (const [month, sums] of await sumsByMonth(read, 'score', { from: `m${from}`, to: `m${to}` }, place))
      byMonth.push([month, await items.listOf(sums)]);
    return byMonth;
  }

  return {
    /** How many gave which score, by part. */
    async scores(filter: Filter): Promise<Sum[]> {
      const place = placeOf(filter.of);
      return place ? await kept('score', filter, place) : (await counted(filter, false, AS_IT_IS))('score');
    },

    /** What is said in words, by question and code; and the same of audits, see `audited.ts`. */
    async words(filter: Filter, ultimate: Ultimate): Promise<{ codes: Sum[]; audited: Sum[] }> {
      const place = placeOf(filter.of);
      if (place) return { codes: await kept('code', filter, place), audited: await kept('audited', filter, place) };
      const sumsOf = await counted(filter, true, ultimate);
      return { codes: sumsOf('code'), audited: sumsOf('audited') };
    },

    /** Scores by month ('2026-11'), topic and score. */
    async scoresByMonth(months: SpanRange, of: Of) {
      const place = placeOf(of);
      const byMonth = place ? await keptByMonth(months, place) : await countedByMonth(months, of);
      return byMonth.flatMap(([month, scores]) => scores.map((sum) => ({ ...sum, month })));
    },
  };
}
