import { fold } from './folding.ts';
import type { EntryGroup } from './lexicon.ts';
import { isTelling } from './stop-words.ts';

/** A code as a business defines it; keywords by language, '' where none is named. */
export interface OwnCode {
  key: string;
  name?: string;
  description?: string;
  keywords: Record<string, string[]>;
}

const OF_PHRASE = 0.5;
const OF_NAME = 0.5;
const OF_DESCRIPTION = 0.25;
const SHORTEST = 4;

/** The entries of a code of one's own: its keywords, and more faintly what its phrases, name and description are made of. */
export function groupsOfOwn(code: OwnCode): EntryGroup[] {
  const base = { code: code.key, detail: code.key, keywords: true };
  const keywords = Object.entries(code.keywords).map(([lang, entries]) => ({
    ...base,
    lang: lang || undefined,
    entries,
  }));
  return [
    ...keywords,
    ...keywords.map((group) => ({ ...group, entries: group.entries.flatMap(apart), weight: OF_PHRASE })),
    ...keywords.map((group) => ({ ...group, entries: wordsOfPhrases(group.entries), weight: OF_PHRASE, hints: true })),
    { ...base, entries: contentWords(code.name ?? ''), weight: OF_NAME },
    { ...base, entries: contentWords(code.description ?? ''), weight: OF_DESCRIPTION },
  ].filter(({ entries }) => entries.length > 0);
}

const PHRASE = /^[\p{L}\p{N}\p{M}'’]+(?:\s+[\p{L}\p{N}\p{M}'’]+)+$/u;

/** Of a phrase without signs of its own. */
function tellingWords(entry: string): string[] {
  const phrase = entry.trim();
  return PHRASE.test(phrase) ? phrase.split(/\s+/).filter((word) => isTelling(fold(word))) : [];
}

/** Who lists "expensive wine" also means "the wine was far too expensive": its words in either order, others between them. */
function apart(entry: string): string[] {
  const words = tellingWords(entry);
  return words.length === 2 || words.length === 3 ? [words.join(' .. '), words.toReversed().join(' .. ')] : [];
}

function wordsOfPhrases(entries: string[]): string[] {
  const words = new Set(entries.flatMap(tellingWords).filter((word) => word.length >= SHORTEST));
  return [...words].filter((word) => !entries.includes(word));
}

function contentWords(text: string): string[] {
  const words = new Set(text.toLowerCase().split(/[^\p{L}\p{N}]+/u));
  return [...words].filter((word) => word.length >= SHORTEST && isTelling(fold(word)));
}

/** A lexicon as it stands in a file: first-level keys, beneath them second-level ones (or the same again), their entries. */
export type LexiconFile = Record<string, Record<string, string[]>>;

/** The entries of a lexicon written on purpose, in one language. */
export function groupsOfLexicon(lexicon: LexiconFile, lang: string): EntryGroup[] {
  return Object.entries(lexicon).flatMap(([code, details]) =>
    Object.entries(details).map(([detail, entries]) => ({ code, detail, lang, entries })),
  );
}
