import type { Clock } from '../../shared/clock.ts';
import type { Storage } from '../../storage/index.ts';
import { isOffered, type Code, type Codebook } from '../codebook.ts';
import type { EntryGroup } from '../engine/index.ts';
import { readLexicons } from '../opinions/knowledge-files.ts';
import type { LineFound } from './clashes.ts';
import type { Keywords } from './keyword-rules.ts';
import { keywordsOf, keywordsOfCode } from './keyword-store.ts';
import { readAnswers } from './reading.ts';
import { newestCoded } from './reading-store.ts';
import type { ThemesThread } from './thread.ts';

interface Deps {
  storage: Storage;
  clock: Clock;
  /** The folder of what was written for the product's own codebooks. */
  knowledge: string;
  thread: ThemesThread;
}

const MOST_CODED = 2000;
const KEPT_MS = 10 * 60_000;

interface Kept {
  until: number;
  found: Promise<LineFound[]>;
}

/** The words that point to a code: the business's own, beside what the product brings along. */
export function createKeywords({ storage, clock, knowledge: folder, thread }: Deps) {
  const brought = new Map<string, EntryGroup[]>();
  const kept = new Map<string, Kept>();

  function broughtAlong(programmeKey: string): EntryGroup[] {
    const known = brought.get(programmeKey) ?? readLexicons(folder, programmeKey);
    brought.set(programmeKey, known);
    return known;
  }

  async function count(book: Codebook, code: Code, keywords: Keywords): Promise<LineFound[]> {
    const answers = await readAnswers(storage.read, await newestCoded(storage.read, book.programmeId, MOST_CODED));
    const own = book.codes.filter((each) => isOrBelongsTo(each, code)).map(({ id }) => id);
    const lines = Object.entries(keywords).flatMap(([language, entries]) =>
      entries.map((entry) => ({ language, entry })),
    );
    const coded = answers.map(({ text, lang, codeIds }) => ({ text, lang, codeIds }));
    return await thread.ask({ type: 'clashes', lines, answers: coded, own });
  }

  return {
    of: (code: Code) => keywordsOfCode(storage.read, code.id),
    /** By the id of each code that has any. */
    ofBook: (book: Codebook): Promise<ReadonlyMap<string, Keywords>> => keywordsOf(storage.read, book.id),
    /** How many entries for a code come with the product. */
    known: (programmeKey: string, code: Code): number => entriesFor(broughtAlong(programmeKey), code),
    /**
     * The lines of a code that most often stand in answers which people coded otherwise, among the newest 2,000 that are
     * coded. Counted on a thread and kept for ten minutes.
     */
    async clashes(book: Codebook, code: Code): Promise<LineFound[]> {
      const keywords = await keywordsOfCode(storage.read, code.id);
      if (Object.keys(keywords).length === 0) return [];
      const name = `${code.id} ${book.revision}`;
      const now = clock.now().getTime();
      for (const [each, { until }] of kept) if (until <= now) kept.delete(each);
      const found = kept.get(name)?.found ?? count(book, code, keywords);
      kept.set(name, { until: kept.get(name)?.until ?? now + KEPT_MS, found });
      found.catch(() => kept.delete(name));
      return await found;
    },
    /** Reasons of the first level that have neither words, nor an answer coded with them or with one below them. */
    async unknown(programmeKey: string, book: Codebook, usage: ReadonlyMap<string, number>): Promise<Set<string>> {
      const own = await keywordsOf(storage.read, book.id);
      const files = broughtAlong(programmeKey);
      const isKnown = (code: Code) => own.has(code.id) || (usage.get(code.id) ?? 0) > 0 || entriesFor(files, code) > 0;
      const first = book.codes.filter((code) => code.parentId === null && code.kind === 'reason' && isOffered(code));
      const unknown = first.filter((code) => !book.codes.some((each) => isOrBelongsTo(each, code) && isKnown(each)));
      return new Set(unknown.map(({ id }) => id));
    },
  };
}

/** The code itself, what stands below it, and what was merged into it. */
const isOrBelongsTo = (each: Code, code: Code): boolean =>
  each.id === code.id || each.parentId === code.id || each.mergedIntoId === code.id;

function entriesFor(groups: EntryGroup[], { key }: Code): number {
  const own = groups.filter(({ code, detail }) => code === key || detail === key);
  return own.reduce((sum, { entries }) => sum + entries.length, 0);
}
