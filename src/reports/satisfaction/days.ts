import type { Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Storage } from '../../storage/index.ts';
import type { Ultimate } from './audited.ts';
import { addNews } from './arriving-store.ts';
import * as store from './counting-store.ts';
import { createFolding, SUMS, type SpanSums } from './folding.ts';
import type { Counted } from './parts.ts';
import type { Places } from './places.ts';
import { responsesOn, type At } from './responses-store.ts';

/** Responses are read so many at a time, so that nobody waits for the others. */
const AT_ONCE = 60;

interface CountingDeps {
  storage: Storage;
  clock: Clock;
}

/**
 * Counts a day anew, some responses at a time; what changes meanwhile leaves another note.
 * @param take sees each response; says whether what is known of it changes soon: its day is then counted again
 */
export async function countDay(
  { storage, clock }: CountingDeps,
  day: string,
  { places, ultimate }: { places: Places; ultimate: Ultimate },
  take: (response: Counted) => boolean,
): Promise<void> {
  const folding = createFolding(places, ultimate);
  let again = false;
  for (let after: At | undefined = { day, responseId: '' }; after !== undefined;) {
    const some: Counted[] = await responsesOn(storage.read, after, AT_ONCE);
    for (const each of some) {
      folding.add(each);
      if (take(each)) again = true;
    }
    after = some.length === AT_ONCE ? some.at(-1) : undefined;
    await othersFirst();
  }
  const spans: SpanSums[] = [];
  for (const by of SUMS) {
    spans.push(...folding.spans(by));
    await othersFirst();
  }
  const counts = { spans, items: places.added(), version: newId(clock) };
  await storage.backgroundTransaction(async (tx) => {
    await store.replaceDay(tx, day, counts);
    if (again) await addNews(tx, [{ id: newId(clock), on_day: day }]);
  });
  places.areKept();
}

/** Adds up the days of the months in which one was counted, of some fields after others. */
export async function countMonths({ storage, clock }: CountingDeps): Promise<void> {
  for (const month of await store.changedMonths(storage.read)) {
    for (const by of SUMS) {
      const spans = await store.sumsOfMonth(storage.read, month, by);
      await storage.backgroundTransaction((tx) => store.replaceMonth(tx, month, by, spans));
    }
    await storage.backgroundTransaction((tx) => store.monthIsCounted(tx, month, newId(clock)));
  }
}
