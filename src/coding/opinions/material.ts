import { setImmediate as nextTurn } from 'node:timers/promises';
import { groupsOfOwn, type Answer, type EntryGroup, type Example } from '../engine/index.ts';
import type { Db } from '../../storage/index.ts';
import { isOffered, ultimate, type Code, type Codebook } from '../codebook.ts';
import type { Knowledge } from './lexicon-file.ts';
import { givenOf, placeKey, sample, wordsOf, type Given } from './opinion-store.ts';

/** A coded answer, with when it was coded. */
export interface Coded extends Example {
  at: string;
}

/** What a model is made from. Codes are named by their ids. */
export interface Material {
  codes: string[];
  groups: EntryGroup[];
  examples: Coded[];
  pool: Answer[];
}

const PART = 500;
const MOST_EXAMPLES = 20_000;
const MOST_POOL = 5000;

/** The codes that the engine tells apart: the first level; what is known of the second level comes from its words. */
export const taught = (book: Codebook): Code[] =>
  book.codes.filter((code) => code.parentId === null && isOffered(code));

/** Entries for every code: those that the product brings along, else the code's own name and description. */
export function groupsOf(book: Codebook, knowledge: Knowledge): EntryGroup[] {
  return taught(book).flatMap((code) => {
    const beneath = book.codes.filter((each) => each.parentId === code.id && isOffered(each));
    const known = knownOf(code, beneath, knowledge);
    const own = [code, ...beneath].flatMap((each) => ownOf(code, each));
    return known.length > 0 ? known : own;
  });
}

function knownOf(code: Code, beneath: Code[], knowledge: Knowledge): EntryGroup[] {
  return [...knowledge].flatMap(([lang, codes]) =>
    Object.entries(codes[code.key] ?? {}).map(([key, entries]) => ({
      code: code.id,
      detail: beneath.find((each) => each.key === key)?.id ?? code.id,
      lang,
      entries,
    })),
  );
}

function ownOf(code: Code, { id, name, description }: Code): EntryGroup[] {
  return Object.keys(name).flatMap((lang) =>
    groupsOfOwn({ key: code.id, name: name[lang], description: description[lang], keywords: {} }).map((group) => ({
      ...group,
      detail: id,
      lang,
    })),
  );
}

/** Reads what people coded until then, and a sample of all answers, in short steps. */
export async function readMaterial(db: Db, book: Codebook, knowledge: Knowledge, until: string): Promise<Material> {
  const examples = await examplesOf(db, book, until);
  const coded = new Set(examples.keys());
  return {
    codes: taught(book).map(({ id }) => id),
    groups: groupsOf(book, knowledge),
    examples: [...examples.values()],
    pool: await poolOf(db, book.programmeId, coded),
  };
}

async function examplesOf(db: Db, book: Codebook, until: string): Promise<Map<string, Coded>> {
  const given = new Map<string, { given: Given; codes: Set<string>; main?: string }>();
  for (const code of book.codes) {
    const first = firstLevelOf(book, code);
    if (!first) continue;
    for await (const each of allGiven(db, code.id, until)) {
      const known = given.get(placeKey(each)) ?? { given: each, codes: new Set<string>() };
      if (each.createdAt > known.given.createdAt) known.given = each;
      known.codes.add(first.id);
      if (each.isMain === 1) known.main = first.id;
      given.set(placeKey(each), known);
    }
  }
  const newest = [...given.values()]
    .sort((a, b) => (a.given.createdAt < b.given.createdAt ? 1 : -1))
    .slice(0, MOST_EXAMPLES);
  const examples = new Map<string, Coded>();
  for (const some of parts(newest)) {
    const words = await wordsOf(db, [...new Set(some.map((each) => each.given.responseId))]);
    for (const { given: place, codes, main } of some) {
      const written = words.get(placeKey(place));
      if (!written) continue;
      const { text, language: lang } = written;
      examples.set(placeKey(place), { text, lang, labels: [...codes].sort(), main, at: place.createdAt });
    }
    await nextTurn();
  }
  return examples;
}

const firstLevelOf = (book: Codebook, code: Code): Code | undefined => {
  const now = ultimate(book, code.id);
  const first = now?.parentId ? book.byId.get(now.parentId) : now;
  return first && isOffered(first) ? first : undefined;
};

async function* allGiven(db: Db, codeId: string, until: string): AsyncGenerator<Given> {
  for (let after = ''; ; await nextTurn()) {
    const some = await givenOf(db, codeId, until, after, PART);
    const last = some.at(-1)?.responseId;
    // The last response may have another answer beyond the part.
    const whole = some.length < PART ? some : some.filter((each) => each.responseId !== last);
    yield* whole;
    if (some.length < PART) return;
    after = whole.at(-1)?.responseId ?? last ?? '';
  }
}

async function poolOf(db: Db, programmeId: string, coded: ReadonlySet<string>): Promise<Answer[]> {
  const pool: Answer[] = [];
  for (let after = -1; pool.length < MOST_POOL; await nextTurn()) {
    const some = await sample(db, programmeId, after, PART);
    const words =
      some.length > 0
        ? await wordsOf(db, [...new Set(some.map(({ responseId }) => responseId))])
        : new Map<string, never>();
    for (const place of some) {
      const written = words.get(placeKey(place));
      if (written && !coded.has(placeKey(place))) pool.push({ text: written.text, lang: written.language });
    }
    if (some.length < PART) break;
    after = some.at(-1)?.random ?? 1;
  }
  return pool;
}

function* parts<T>(all: T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += PART) yield all.slice(i, i + PART);
}
