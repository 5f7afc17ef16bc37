import { createHooks, page, type Db, type Hooks, type Page } from '../../storage/index.ts';
import { decideOnText, retireAnswer, reviewAnswer, type Decision } from './caring.ts';
import { foundAnswers, type FoundAnswer } from './found.ts';
import * as rows from './library-store.ts';
import {
  createAnswer,
  existing,
  writeText,
  type AnswerNews,
  type Care,
  type LibraryDeps,
  type Version,
  type Who,
} from './writing.ts';

/** What became of the cases in which an answer was sent. */
export interface Aftermath {
  /** Times sent, in so many cases. */
  uses: number;
  cases: number;
  /** Of those: asked whether it is settled, and what they said. */
  asked: number;
  settled: number;
  notQuite: number;
  silent: number;
}

export interface WholeAnswer {
  answer: rows.AnswerRow;
  /** All versions, the newest first. */
  texts: rows.TextRow[];
  aftermath: Aftermath;
}

export interface LibraryPages {
  /** Runs in the same transaction when an answer changes. */
  onNews: Hooks<AnswerNews>['on'];
  list(): Promise<{ found: FoundAnswer[]; proposed: rows.TextRow[]; retired: rows.AnswerRow[] }>;
  /** @throws NotFound */
  whole(id: string): Promise<WholeAnswer>;
  /** Answers in use and retired ones, the newest first, after the one of that id. */
  answers(filter: rows.AnswerFilter, before: string | null, limit: number): Promise<Page<rows.AnswerRow>>;
  /**
   * A new question, in a first language; approved at once where a manager wrote it and says so. One in use that says
   * the very same is that one. @throws Invalid
   */
  create(who: Who, fields: Omit<Version, 'number'> & Care): Promise<{ id: string; fresh: boolean }>;
  /**
   * A next version in one language, or a first one; `number` is the version that it was made from, 0 for none.
   * @throws NotFound, Conflict where somebody wrote one meanwhile, Invalid
   */
  write(who: Who, answerId: string, fields: Version): Promise<void>;
  /** @throws Forbidden unless a manager does it, NotFound, Conflict unless it still waits */
  decide(who: Who, textId: string, decision: Decision): Promise<void>;
  /** The owner or a manager has read it and found it right. @throws Forbidden, NotFound, Conflict where somebody did meanwhile */
  review(who: Who, id: string, seen: string, next: Care): Promise<void>;
  /** Takes an answer out of use, or back into it. @throws Forbidden, NotFound, Conflict where somebody just did */
  retire(who: Who, id: string, retired: boolean): Promise<void>;
}

/** The library's own pages: answers proposed, approved, read again and retired. */
export function createLibraryPages(given: Omit<LibraryDeps, 'news'>): LibraryPages {
  const news = createHooks<AnswerNews>();
  const deps = { ...given, news };
  const { read } = deps.storage;
  return {
    onNews: news.on,
    list: async () => ({
      found: await foundAnswers(read),
      proposed: await rows.proposedTexts(read),
      retired: await rows.retiredAnswers(read),
    }),
    whole: (id) => wholeAnswer(read, id),
    answers: async (filter, before, limit) =>
      page(await rows.listAnswers(read, filter, before, limit + 1), limit, ({ id }) => id),
    create: (who, fields) => createAnswer(deps, who, fields),
    write: (who, answerId, fields) => writeText(deps, who, answerId, fields),
    decide: (who, textId, decision) => decideOnText(deps, who, textId, decision),
    review: (who, id, seen, next) => reviewAnswer(deps, who, id, seen, next),
    retire: (who, id, retired) => retireAnswer(deps, who, id, retired),
  };
}

async function wholeAnswer(db: Db, id: string): Promise<WholeAnswer> {
  const answer = await existing(db, id);
  const uses = (await rows.usesOf(db, [id])).get(id) ?? 0;
  const aftermath = { uses, ...countCases(await rows.casesOf(db, id)) };
  return { answer, texts: await rows.textsOf(db, id), aftermath };
}

/** A case of which the customer said "not quite", and has not said since that it is settled, counts as that. */
function countCases(cases: Awaited<ReturnType<typeof rows.casesOf>>): Omit<Aftermath, 'uses'> {
  const settled = cases.filter((each) => each.settled === 'yes').length;
  const rest = cases.filter((each) => each.settled !== 'yes');
  const notQuite = rest.filter((each) => Number(each.not_quite) > 0).length;
  const silent = rest.filter((each) => each.settled === 'silent' && Number(each.not_quite) === 0).length;
  const waiting = rest.filter((each) => each.settled === null && each.asked_at !== null && !Number(each.not_quite));
  return { cases: cases.length, asked: settled + silent + notQuite + waiting.length, settled, silent, notQuite };
}
