import type { Actor } from '../../shared/actor.ts';
import { NotFound } from '../../shared/errors.ts';
import { createHooks, type Hooks } from '../../storage/index.ts';
import type { PlaybookFor } from '../../web/index.ts';
import { createCounts } from '../counts.ts';
import { asPage, asVersion, type PlaybookPage, type Version } from './page.ts';
import * as rows from './playbook-store.ts';
import {
  confirmRead,
  countUnread,
  languageFor,
  pagesFor,
  pagesInUse,
  progressOf,
  readersOf,
  type PlaybookDeps,
  type ReadBy,
  type Reading,
} from './reading.ts';
import { addStarters, createPage, retirePage, writePage, type NewText, type PageNews } from './writing.ts';

interface Playbook {
  installStarters(): Promise<void>;
  /** Pages in use, or the retired ones too, in the order of their making. */
  list(options?: { retired?: boolean }): Promise<PlaybookPage[]>;
  /** @throws NotFound */
  get(id: string): Promise<PlaybookPage>;
  versions(id: string): Promise<Version[]>;
  forPlace: PlaybookFor;
  /** The language in which somebody who reads this one gets that page. */
  languageFor(page: PlaybookPage, language: string): Promise<string>;
  /** By page: the newest version that this colleague confirmed. */
  readBy(accountId: string): Promise<Map<string, number>>;
  /** How many pages somebody has still to read. */
  unread(accountId: string, language: string): Promise<number>;
  /** Who of the colleagues has read a page, and who not. */
  readers(page: PlaybookPage): Promise<ReadBy[]>;
  /** By page: how many of the colleagues have nothing new to read there, and of how many. */
  progress(): Promise<Map<string, { read: number; of: number }>>;
  /** @throws NotFound, Conflict where the page has a newer version than the one that was read */
  confirm(actor: Actor, reading: Reading): Promise<void>;
  /** A page of one's own; one in use that says the very same is that one. @throws Invalid */
  create(actor: Actor, text: NewText): Promise<{ id: string; fresh: boolean }>;
  /**
   * The version after number `seen`: one language's text changes, the others stay. With `asks`, everybody who reads
   * that language is asked to read it again. @throws Conflict where somebody changed it meanwhile, Invalid, NotFound
   */
  write(actor: Actor, id: string, seen: number, text: NewText & { asks: boolean }): Promise<void>;
  /** Takes a page out of use, or back into it. @throws NotFound, Conflict where somebody just did */
  retire(actor: Actor, id: string, retired: boolean): Promise<void>;
  /** Runs in the same transaction when a page is written, retired or used again. */
  onNews: Hooks<PageNews>['on'];
}

/** Short pages that the business writes for its own people, shown where they help, read and confirmed. */
export function createPlaybook(deps: PlaybookDeps): Playbook {
  const { read } = deps.storage;
  const news = createHooks<PageNews>();
  const writing = { ...deps, news };
  const counts = createCounts(() => deps.clock.now().getTime());
  /** What is still to be read is another number from then on. */
  const counted = async <T>(change: Promise<T>): Promise<T> => {
    const done = await change;
    counts.forget();
    return done;
  };

  return {
    installStarters: () => addStarters(deps),
    list: async ({ retired = false } = {}) =>
      retired ? (await rows.allPages(read)).map(asPage) : await pagesInUse(read),
    async get(id) {
      const row = await rows.findPage(read, id);
      if (!row) throw new NotFound();
      return asPage(row);
    },
    versions: async (id) => (await rows.versionsOf(read, id)).map(asVersion),
    forPlace: (place, language) => pagesFor(deps, place, language),
    languageFor: (page, language) => languageFor(deps, page, language),
    readBy: (accountId) => rows.readBy(read, accountId),
    unread: (id, language) => counts.of(`${id} ${language}`, () => countUnread(deps, id, language)),
    readers: (page) => readersOf(deps, page),
    progress: () => progressOf(deps),
    confirm: (...given) => counted(confirmRead(deps, ...given)),
    create: (...given) => counted(createPage(writing, ...given)),
    write: (...given) => counted(writePage(writing, ...given)),
    retire: (...given) => counted(retirePage(writing, ...given)),
    onNews: news.on,
  };
}
