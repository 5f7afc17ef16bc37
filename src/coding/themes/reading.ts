import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Db } from '../../storage/index.ts';
import type { Place } from '../desk-store.ts';
import { placeKey, wordsOf } from '../opinions/opinion-store.ts';
import { chunks, currentOfSome } from '../store.ts';
import * as rows from './reading-store.ts';

/** An answer as it is read: its words, and the codes that colleagues gave it. */
export interface ReadAnswer extends Place {
  /** Names the answer wherever it is passed on. */
  id: string;
  text: string;
  lang: string;
  codeIds: string[];
}

const PART = 250;

/** The words of these answers, and what they are coded with, in short steps so that nobody waits. */
export async function readAnswers(db: Db, places: Place[]): Promise<ReadAnswer[]> {
  const found: ReadAnswer[] = [];
  for (const some of chunks(places, PART)) {
    const ids = [...new Set(some.map(({ responseId }) => responseId))];
    const words = await wordsOf(db, ids);
    const given = Map.groupBy(
      (await currentOfSome(db, ids)).filter(({ coderKind }) => coderKind === 'colleague'),
      placeKey,
    );
    for (const { responseId, questionKey } of some) {
      const id = placeKey({ responseId, questionKey });
      const { text, language: lang } = words.get(id) ?? { text: '', language: '' };
      const codeIds = (given.get(id) ?? []).map(({ codeId }) => codeId);
      if (text.trim() !== '') found.push({ responseId, questionKey, id, text, lang, codeIds });
    }
    await nextTurn();
  }
  return found;
}

/** The engine's chances for each answer that it has read, by the answer's id. */
export async function readChances(db: Db, places: Place[]): Promise<Map<string, Record<string, number>>> {
  const found = new Map<string, Record<string, number>>();
  for (const some of chunks(places, PART)) {
    const ids = [...new Set(some.map(({ responseId }) => responseId))];
    for (const each of await rows.chancesOf(db, ids)) found.set(placeKey(each), each.chances);
    await nextTurn();
  }
  return found;
}
