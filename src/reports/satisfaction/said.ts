import { othersFirst } from '../../shared/others-first.ts';
import type { Storage } from '../../storage/index.ts';
import { readSaid, replacedIn, themeFrom, writtenSaid, type Said } from './said-rules.ts';
import { themesIn, writeSaid, writtenIn } from './said-store.ts';

/** Themes are written so many at a time, so that nobody waits for the others. */
const AT_ONCE = 20;

/**
 * Puts the answers behind each theme that some days of a month brought in the place of those before; what is the same already
 * is not written.
 * @param fresh by the key of their theme
 */
export async function keepSaid(
  storage: Storage,
  month: string,
  days: ReadonlySet<string>,
  fresh: ReadonlyMap<string, Said[]>,
): Promise<void> {
  const keys = [...new Set([...(await themesIn(storage.read, month)), ...fresh.keys()])].toSorted();
  for (let start = 0; start < keys.length; start += AT_ONCE) {
    const changed: [key: string, answers: string][] = [];
    for (const key of keys.slice(start, start + AT_ONCE)) {
      const known = await writtenIn(storage.read, themeFrom(key), month);
      const answers = writtenSaid(replacedIn(readSaid(known), days, fresh.get(key) ?? []));
      if (answers !== known) changed.push([key, answers]);
    }
    if (changed.length > 0)
      await storage.backgroundTransaction(async (tx) => {
        for (const [key, answers] of changed) await writeSaid(tx, themeFrom(key), month, answers);
      });
    await othersFirst();
  }
}
