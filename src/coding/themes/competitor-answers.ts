import type { Db } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { placeKey, placeOf, wordsOf } from '../opinions/opinion-store.ts';
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

/** The newest answers that name each of these under any of its names. */
export async function examplesOf(db: Db, ids: string[], limit: number): Promise<Map<string, WrittenAnswer[]>> {
  const places = new Map<string, Place[]>();
  for (const id of ids) places.set(id, await mentionsOf(db, id, null, limit));
  const words = await writtenIn(db, [...new Set([...places.values()].flat().map(({ responseId }) => responseId))]);
  return new Map(Array.from(places, ([id, own]) => [id, own.flatMap((place) => words.get(placeKey(place)) ?? [])]));
}

/** The answers that name a competitor under any of its names, the newest first, and after which response the rest begins. */
export async function answersNaming(
  db: Db,
  id: string,
  { after, limit }: { after: string | null; limit: number },
): Promise<{ answers: WrittenAnswer[]; next: string | null }> {
  const places = await mentionsOf(db, id, after, limit + 1);
  const some = places.slice(0, limit);
  const words = await writtenIn(db, [...new Set(some.map(({ responseId }) => responseId))]);
  const answers = some.flatMap((place) => words.get(placeKey(place)) ?? []);
  return { answers, next: places.length > limit ? (some.at(-1)?.responseId ?? null) : null };
}
