import type { EntryGroup } from './lexicon.ts';

/** A code as a business defines it; keywords by language, '' where none is named. */
export interface OwnCode {
  key: string;
  name?: string;
  description?: string;
  keywords: Record<string, string[]>;
}

const OF_NAME = 0.5;
const OF_DESCRIPTION = 0.25;
const SHORTEST = 4;

/** The entries of a code of one's own: its keywords, and more faintly the words of its name and description. */
export function groupsOfOwn(code: OwnCode): EntryGroup[] {
  const base = { code: code.key, detail: code.key, keywords: true };
  const keywords = Object.entries(code.keywords).map(([lang, entries]) => ({
    ...base,
    lang: lang || undefined,
    entries,
  }));
  return [
    ...keywords,
    { ...base, entries: contentWords(code.name ?? ''), weight: OF_NAME },
    { ...base, entries: contentWords(code.description ?? ''), weight: OF_DESCRIPTION },
  ].filter(({ entries }) => entries.length > 0);
}

function contentWords(text: string): string[] {
  return [...new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u))].filter((word) => word.length >= SHORTEST);
}

/** A lexicon as it stands in a file: first-level keys, beneath them second-level ones (or the same again), their entries. */
export type LexiconFile = Record<string, Record<string, string[]>>;

/** The entries of a lexicon written on purpose, in one language. */
export function groupsOfLexicon(lexicon: LexiconFile, lang: string): EntryGroup[] {
  return Object.entries(lexicon).flatMap(([code, details]) =>
    Object.entries(details).map(([detail, entries]) => ({ code, detail, lang, entries })),
  );
}
