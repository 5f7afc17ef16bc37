import { wordsOf } from './words.ts';

/** What one word of an entry must look like; `extra` is the longest ending that a stem may take on. */
export interface WordPattern {
  kind: 'exact' | 'prefix' | 'suffix' | 'infix' | 'stem';
  text: string;
  extra?: number;
}

/** A word that fits one of these patterns, exactly one word whatever it is, or up to four words. */
export type Step = WordPattern[] | 'any' | 'gap';

/** One way to write an entry; a counter-entry takes back its code's matches in the same clause. */
export interface Phrase {
  counter: boolean;
  steps: Step[];
}

const MOST_PHRASES = 400;
const GROUPS = /\(([^()]*)\)/g;
/** One word of letters and digits, stars around it. */
const SINGLE = /^\*?[\p{L}\p{N}\p{M}'’]+\*?$/u;

/**
 * The phrases that an entry stands for: words adjacent; `*` at the end or start of a word for any continuation, alone for
 * exactly one word; `..` for up to four words of the same sentence; `(a|b)` for either; a leading `-` for a counter-entry.
 * With `tolerant` plain words also match their usual inflections and, when long enough, compounds.
 */
export function parseEntry(entry: string, tolerant = false): Phrase[] {
  const trimmed = entry.trim();
  const counter = trimmed.startsWith('-');
  return alternatives(counter ? trimmed.slice(1) : trimmed)
    .map((text) => ({ counter, steps: trim(stepsOf(text, tolerant)) }))
    .filter(({ steps }) => steps.some((step) => typeof step === 'object'));
}

/** Alternatives of several words are written out; those of one word each stay together, as one step with a choice. */
function alternatives(text: string): string[] {
  let open = [text];
  while (open.length < MOST_PHRASES && open.some((each) => wordy(each))) open = open.flatMap(firstGroup);
  return open;
}

const wordy = (text: string) => [...text.matchAll(GROUPS)].find((group) => !isChoice(group, text));

/** A group that stands alone between blanks and whose options are one word each. */
function isChoice(group: RegExpExecArray, text: string): boolean {
  const before = text[group.index - 1] ?? ' ';
  const after = text[group.index + group[0].length] ?? ' ';
  return (
    /\s|\./.test(before) && /\s|\./.test(after) && group[1]!.split('|').every((option) => SINGLE.test(option.trim()))
  );
}

function firstGroup(text: string): string[] {
  const found = wordy(text);
  if (!found) return [text];
  const [before, after] = [text.slice(0, found.index), text.slice(found.index + found[0].length)];
  return found[1]!.split('|').map((option) => `${before}${option}${after}`);
}

function stepsOf(text: string, tolerant: boolean): Step[] {
  return text
    .replaceAll(GROUPS, (group) => group.replace(/\s+/g, ''))
    .replaceAll('..', ' .. ')
    .split(/\s+/)
    .filter(Boolean)
    .flatMap((piece): Step[] => {
      if (piece === '*') return ['any'];
      if (/^\.+$/.test(piece)) return ['gap'];
      if (!piece.startsWith('(')) return patternsOf(piece, tolerant).map((pattern) => [pattern]);
      return [
        piece
          .slice(1, -1)
          .split('|')
          .flatMap((option) => patternsOf(option, tolerant)),
      ];
    });
}

/** "call-back*" is two words, of which the last goes on. */
function patternsOf(piece: string, tolerant: boolean): WordPattern[] {
  const { words } = wordsOf(piece.replaceAll('*', ''));
  return words.map((text, i) => {
    const before = piece.startsWith('*') && i === 0;
    const after = piece.endsWith('*') && i === words.length - 1;
    if (before && after) return { kind: 'infix', text };
    if (before || after) return { kind: before ? 'suffix' : 'prefix', text };
    return tolerant ? inflected(text) : { kind: 'exact', text };
  });
}

const ENDINGS = /(?:ingen|ungen|ings?|ung|ene|ies|ied|ed|es|en|er|et|e|s|y|a|o|i)$/;
const SHORTEST_STEM = 4;
const LONGEST_ENDING = 4;

/** A word without its usual ending, free to take on another: no stemmer of any language, but right for most. */
function inflected(word: string): WordPattern {
  if (word.length < SHORTEST_STEM) return { kind: 'exact', text: word };
  const stem = word.replace(ENDINGS, '');
  return { kind: 'stem', text: stem.length < SHORTEST_STEM ? word : stem, extra: LONGEST_ENDING };
}

/** Blanks at either end mean nothing. */
function trim(steps: Step[]): Step[] {
  const first = steps.findIndex((step) => typeof step === 'object');
  const last = steps.findLastIndex((step) => typeof step === 'object');
  return first < 0 ? [] : steps.slice(first, last + 1);
}
