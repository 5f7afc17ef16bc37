import type { Answer, EntryGroup, Example } from '../engine/index.ts';
import { othersFirst } from '../../shared/others-first.ts';
import type { Db } from '../../storage/index.ts';
import type { Codebook } from '../codebook.ts';
import { asTaughtIn, taught, type AsTaught, type Group } from './fields.ts';
import { givenOf, placeKey, sample, wordsOf, type Given, type Written } from './opinion-store.ts';
import type { Questions } from './questions.ts';
import { keywordGroups } from '../themes/keyword-groups.ts';
import { keywordsOf } from '../themes/keyword-store.ts';

/** An answer that people coded: where it stands, and when it was coded. */
interface Coded extends Example {
  place: string;
  at: string;
}

/** Answers to questions of one group are told apart by themselves. Codes are named by their ids. */
export interface Field {
  group: Group;
  coded: Coded[];
  pool: Answer[];
}

/** What a model is made from, besides what was written along with the codebook. */
export interface Material {
  /** Of the programme. */
  key: string;
  book: Codebook;
  /** The business's own words. */
  keywords: EntryGroup[];
  fields: Field[];
}

interface Sources {
  db: Db;
  key: string;
  book: Codebook;
  questions: Questions;
}

/** So many are read at a time: about a millisecond. */
const PART = 100;
const MOST_EXAMPLES = 20_000;
const MOST_POOL = 5000;

interface Place {
  written: Written;
  group: Group;
}

/**
 * Reads what people coded until then, and a sample of all answers, in short steps.
 * @param groups those whose answers the model has to read, besides those that it learns from
 */
export async function readMaterial(sources: Sources, until: string, groups: Iterable<Group>): Promise<Material> {
  const { key, book } = sources;
  const keywords = keywordGroups(book, await keywordsOf(sources.db, book.id));
  const given = await givenUntil(sources, until);
  const coded = await withWords(sources, [...given.values()]);
  const pool = await poolOf(sources, new Set(given.keys()));
  const all = new Set([...groups, ...coded.map(({ group }) => group), ...pool.map(({ group }) => group)]);
  const fields = [...all].map((group): Field => {
    const isOurs = (each: Place) => each.group === group;
    const asTaught = asTaughtIn(book, taught(book, group));
    return {
      group,
      coded: coded.filter(isOurs).flatMap((each) => codedAs(each, book, asTaught)),
      pool: pool.filter(isOurs).map(({ written }) => answerOf(written)),
    };
  });
  return { key, book, keywords, fields };
}

const answerOf = ({ text, language }: Written): Answer => ({ text, lang: language });

/** Nothing where people gave it only codes that are not told apart here. */
function codedAs({ given, codes, main, written }: GivenTo & Place, book: Codebook, asTaught: AsTaught): Coded[] {
  const idOf = (codeId: string) => asTaught(book.byId.get(codeId))?.id;
  const labels = [...new Set([...codes].map(idOf).filter((id) => id !== undefined))].sort();
  if (labels.length === 0) return [];
  const chief = main === undefined ? undefined : idOf(main);
  return [{ ...answerOf(written), labels, main: chief, place: placeKey(given), at: given.createdAt }];
}

/** What stands on one answer: the newest coding, all codes, and the main one. */
interface GivenTo {
  given: Given;
  codes: Set<string>;
  main?: string;
}

/** The newest answers that people coded, by their places. */
async function givenUntil({ db, book }: Sources, until: string): Promise<Map<string, GivenTo>> {
  const given = new Map<string, GivenTo>();
  for (const { id } of book.codes) {
    for await (const each of allGiven(db, id, until)) {
      const known = given.get(placeKey(each)) ?? { given: each, codes: new Set<string>() };
      if (each.createdAt > known.given.createdAt) known.given = each;
      known.codes.add(id);
      if (each.isMain === 1) known.main = id;
      given.set(placeKey(each), known);
    }
  }
  const newest = [...given].sort(([, a], [, b]) => (a.given.createdAt < b.given.createdAt ? 1 : -1));
  return new Map(newest.slice(0, MOST_EXAMPLES));
}

async function* allGiven(db: Db, codeId: string, until: string): AsyncGenerator<Given> {
  for (let after = ''; ; await othersFirst()) {
    const some = await givenOf(db, codeId, until, after, PART);
    const last = some.at(-1)?.responseId;
    // The last response may have another answer beyond the part.
    const whole = some.length < PART ? some : some.filter((each) => each.responseId !== last);
    yield* whole;
    if (some.length < PART) return;
    after = whole.at(-1)?.responseId ?? last ?? '';
  }
}

async function withWords({ db, questions }: Sources, given: GivenTo[]): Promise<(GivenTo & Place)[]> {
  const found: (GivenTo & Place)[] = [];
  for (const some of parts(given)) {
    const words = await wordsOf(db, [...new Set(some.map((each) => each.given.responseId))]);
    for (const each of some) {
      const written = words.get(placeKey(each.given));
      if (!written) continue;
      const group = await questions.groupAt(written.versionId, each.given.questionKey);
      found.push({ ...each, written, group });
    }
    await othersFirst();
  }
  return found;
}

async function poolOf({ db, book, questions }: Sources, coded: ReadonlySet<string>): Promise<Place[]> {
  const pool: Place[] = [];
  for (let after = -1; pool.length < MOST_POOL; await othersFirst()) {
    const some = await sample(db, book.programmeId, after, PART);
    const ids = [...new Set(some.map(({ responseId }) => responseId))];
    const words = ids.length > 0 ? await wordsOf(db, ids) : new Map<string, never>();
    for (const place of some) {
      const written = words.get(placeKey(place));
      if (!written || coded.has(placeKey(place))) continue;
      pool.push({ written, group: await questions.groupAt(written.versionId, place.questionKey) });
    }
    if (some.length < PART) break;
    after = some.at(-1)?.random ?? 1;
  }
  return pool;
}

function* parts<T>(all: T[]): Generator<T[]> {
  for (let i = 0; i < all.length; i += PART) yield all.slice(i, i + PART);
}
