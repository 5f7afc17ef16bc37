import type { Db } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { placeKey, placeOf, wordsOf } from '../opinions/opinion-store.ts';
import type { Competitor } from './competitor-rules.ts';
import { mentionsOf } from './competitor-store.ts';

/** An answer with its words. */
export interface WrittenAnswer extends Place {
  text: string;
  lang: string;
}

/** Whatever was written in these responses, by response and question. */
export async function writtenIn(db: Db, responseIds: string[]): Promise<Map<string, WrittenAnswer>> {
  if (responseIds.length === 0) return new Map();
  const words = await wordsOf(db, responseIds);
  return new Map([...words].map(([id, { text, language: lang }]) => [id, { ...placeOf(id), text, lang }]));
}

/** The answers that name a competitor under any of its names, the newest first, and after which response the rest begins. */
export async function answersNaming(
  db: Db,
  all: Competitor[],
  id: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ answers: WrittenAnswer[]; next: string | null }> {
  const ids = all.filter((each) => each.rootId === id || each.id === id).map((each) => each.id);
  const places = await mentionsOf(db, ids, after, limit + 1);
  const some = places.slice(0, limit);
  const words = await writtenIn(db, [...new Set(some.map(({ responseId }) => responseId))]);
  const answers = some.flatMap((place) => words.get(placeKey(place)) ?? []);
  return { answers, next: places.length > limit ? (some.at(-1)?.responseId ?? null) : null };
}
