import { timestamp, type Clock } from '../../shared/clock.ts';
import { newId } from '../../shared/ids.ts';
import type { Db, Storage } from '../../storage/index.ts';
import type { Books } from '../books.ts';
import type { Codebook } from '../codebook.ts';
import type { Place } from '../desk-store.ts';
import { placeKey } from '../opinions/opinion-store.ts';
import type { FoundTheme } from './finding.ts';
import { readAnswers, readChances, type ReadAnswer } from './reading.ts';
import { newestCoded, newestOfCode, newestOpen } from './reading-store.ts';
import { earlierOf, isExplained, isJudged, isOther, NEEDED } from './theme-rules.ts';
import * as rows from './theme-store.ts';
import type { FreshTheme, Theme } from './theme-store.ts';
import type { ThemesThread } from './thread.ts';

export interface LookingDeps {
  storage: Storage;
  clock: Clock;
  books: Books;
  thread: ThemesThread;
}

const MOST_READ = 5000;
const MOST_EXPLAINED = 2500;

/** Looks for themes among the newest answers; what people have judged does not come back. */
export async function look(deps: LookingDeps, programmeId: string): Promise<void> {
  const { storage, clock, books } = deps;
  const book = await books.of(storage.read, programmeId);
  if (!book) return;
  const at = timestamp(clock);
  const { found, unexplained } = await find(deps, programmeId, book);
  const fresh = await freshOf(deps, programmeId, found, { unexplained, at });
  await storage.backgroundTransaction(async (tx) => {
    await rows.replaceNew(tx, programmeId, fresh);
    await rows.noteLook(tx, programmeId, { looked_at: at, unexplained: unexplained.length });
  });
}

async function find(
  { storage, thread }: LookingDeps,
  programmeId: string,
  book: Codebook,
): Promise<{ found: FoundTheme[]; unexplained: ReadAnswer[] }> {
  const { unexplained, explained } = await newest(storage.read, programmeId, book);
  if (unexplained.length < NEEDED) return { found: [], unexplained };
  const found = await thread.ask({
    type: 'themes',
    unexplained: unexplained.map(({ id, text, lang }) => ({ id, text, lang })),
    explained: explained.map(({ text }) => ({ text })),
  });
  return { found, unexplained };
}

/** The newest answers, parted into those that a code explains and those that none does. */
async function newest(db: Db, programmeId: string, book: Codebook) {
  const open = await newestOpen(db, programmeId, MOST_READ);
  const chances = await readChances(db, open);
  const others: Place[] = [];
  for (const { id } of book.codes.filter(({ kind }) => kind === 'other'))
    others.push(...(await newestOfCode(db, id, MOST_READ)));
  const coded = await newestCoded(db, programmeId, MOST_EXPLAINED);
  const explains = (place: Place) => isExplained(chances.get(placeKey(place)) ?? {}, book);
  const [left, known] = [open.filter((each) => !explains(each)), open.filter(explains)];
  const unread = new Set([...left, ...others].map(placeKey));
  const beside = [...coded, ...known].filter((each) => !unread.has(placeKey(each))).slice(0, MOST_EXPLAINED);
  const unexplained = (await readAnswers(db, distinct([...others, ...left]).slice(0, MOST_READ))).filter(
    ({ codeIds }) => codeIds.length === 0 || isOther(codeIds, book),
  );
  return { unexplained, explained: await readAnswers(db, beside) };
}

function distinct(places: Place[]): Place[] {
  return [...new Map(places.map((place) => [placeKey(place), place])).values()];
}

/** Those that nobody has judged; one that goes on from an earlier look keeps its id and the day it was found. */
async function freshOf(
  { storage, clock }: LookingDeps,
  programmeId: string,
  found: FoundTheme[],
  { unexplained, at }: { unexplained: ReadAnswer[]; at: string },
): Promise<FreshTheme[]> {
  const judged = await withAnswers(storage.read, await rows.judgedThemes(storage.read, programmeId));
  const earlier = await withAnswers(storage.read, await rows.newThemes(storage.read, programmeId));
  const places = new Map(unexplained.map((each) => [each.id, each]));
  const taken = new Set<string>();
  return found
    .filter((theme) => !isJudged(theme, judged))
    .map((theme) => {
      const before = earlierOf(
        theme,
        earlier.filter(({ id }) => !taken.has(id)),
      );
      const { id, foundAt } = before ?? { id: newId(clock), foundAt: at };
      taken.add(id);
      const members = theme.answers.flatMap((each) => places.get(each) ?? []);
      return { id, foundAt, phrases: theme.phrases, novelty: theme.novelty, members };
    });
}

async function withAnswers(db: Db, themes: Theme[]) {
  const answers = await rows.answersOf(
    db,
    themes.map(({ id }) => id),
  );
  return themes.map((theme) => ({ ...theme, answers: answers.get(theme.id) ?? [] }));
}
