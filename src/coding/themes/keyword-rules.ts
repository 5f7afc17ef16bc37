import { z } from 'zod';
import type { Message } from '../../shared/errors.ts';
import { parseEntry } from '../engine/entries.ts';

/** The words that point to one code, by language: entries as a lexicon has them. */
export type Keywords = Record<string, string[]>;

export const keywordsSchema = z.record(z.string(), z.array(z.string()));

const LONGEST = 120;
const MOST_LINES = 300;
const STAR_WITHIN = /[\p{L}\p{N}]\*+[\p{L}\p{N}]/u;
const GROUP = /\(([^()]*)\)/g;

/** The entries of a field, one a line, none twice. */
export function linesOf(typed: string): string[] {
  const lines = typed.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  return [...new Set(lines.filter((line) => line !== ''))];
}

/** Why a field cannot be read, naming the first line at fault; undefined where all of it can. */
export function problemOf(typed: string): Message | undefined {
  const lines = linesOf(typed);
  if (lines.length > MOST_LINES) return { key: 'keywords.error.many', values: { most: MOST_LINES } };
  for (const line of lines) {
    const what = faultOf(line);
    if (what) return { key: `keywords.error.${what}`, values: { line, most: LONGEST } };
  }
  return undefined;
}

function faultOf(line: string): 'long' | 'bracket' | 'bar' | 'star' | 'empty' | undefined {
  if ([...line].length > LONGEST) return 'long';
  const outside = line.replace(GROUP, ' ');
  if (/[()]/.test(outside)) return 'bracket';
  const options = Array.from(line.matchAll(GROUP), ([, inside = '']) => inside.split('|')).flat();
  if (outside.includes('|') || options.some((option) => parseEntry(option).length === 0)) return 'bar';
  if (STAR_WITHIN.test(line)) return 'star';
  return parseEntry(line).length === 0 ? 'empty' : undefined;
}

/** Something that a person wrote, as an entry that means just that. */
export const entryOf = (phrase: string): string =>
  phrase
    .replace(/[()|*]|\.{2,}/g, ' ')
    .replace(/^[\s-]+/, '')
    .replace(/\s+/g, ' ')
    .trim();

/** What `more` has that `known` lacks. */
export function missingFrom(known: Keywords, more: Keywords): Keywords {
  return some(more, (entry, language) => !known[language]?.includes(entry));
}

export function without(known: Keywords, gone: Keywords): Keywords {
  return some(known, (entry, language) => !gone[language]?.includes(entry));
}

export function together(known: Keywords, more: Keywords): Keywords {
  const languages = [...new Set([...Object.keys(known), ...Object.keys(more)])];
  return Object.fromEntries(
    languages.map((language) => [language, [...new Set([...(known[language] ?? []), ...(more[language] ?? [])])]]),
  );
}

export const countOf = (keywords: Keywords): number => Object.values(keywords).flat().length;

function some(keywords: Keywords, wanted: (entry: string, language: string) => boolean): Keywords {
  const kept = Object.entries(keywords).map(([language, entries]): [string, string[]] => [
    language,
    entries.filter((entry) => wanted(entry, language)),
  ]);
  return Object.fromEntries(kept.filter(([, entries]) => entries.length > 0));
}
