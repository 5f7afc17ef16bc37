import { fold } from './folding.ts';
import { isContrast } from './function-words.ts';

/** An answer cut into folded words; `start` and `end` point into the text as written, clauses and sentences count up. */
export interface Words {
  text: string;
  words: string[];
  start: number[];
  end: number[];
  clause: number[];
  sentence: number[];
}

const GAP = 0;
const LETTER = 1;
const ALONE = 2;
const CLAUSE = 3;
const SENTENCE = 4;
const APOSTROPHE = 5;
const UNKNOWN = 255;

const kinds = new Uint8Array(65536).fill(UNKNOWN);
const SPACELESS =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const IN_WORDS = /[\p{L}\p{N}\p{M}\p{Cs}]/u;

/** A look at the table is far faster than Intl.Segmenter; scripts without spaces give one word a character. */
function kindOf(code: number): number {
  const known = kinds[code]!;
  return known === UNKNOWN ? (kinds[code] = judge(String.fromCharCode(code))) : known;
}

function judge(character: string): number {
  if (character === "'" || character === '’') return APOSTROPHE;
  if ('.!?…。！？\n'.includes(character)) return SENTENCE;
  if (',;:()[]"“”„«»–—，、；：（）'.includes(character)) return CLAUSE;
  if (SPACELESS.test(character) && !/\p{M}/u.test(character)) return ALONE;
  return IN_WORDS.test(character) ? LETTER : GAP;
}

const ENTITY = /&(amp|lt|gt|quot|nbsp|#39);/g;
const LINK = /https?:\/\/\S+|www\.\S+/g;
const blank = (found: string) => ' '.repeat(found.length);

/** Links and leftovers of HTML say nothing and become blanks of the same length, so that spans stay true. */
function readable(text: string): string {
  const plain = text.includes('&') ? text.replace(ENTITY, blank) : text;
  return plain.includes('http') || plain.includes('www.') ? plain.replace(LINK, blank) : plain;
}

/**
 * The words of an answer in their folded spelling. A point or comma between two digits or letters ends nothing; a dash
 * between blanks and words like "but" begin a new clause.
 */
export function wordsOf(text: string): Words {
  const found: Words = { text, words: [], start: [], end: [], clause: [], sentence: [] };
  const plain = readable(text);
  const at = { clause: 0, sentence: 0 };
  let from = -1;
  for (let i = 0; i <= plain.length; i++) {
    const kind = i < plain.length ? kindOf(plain.charCodeAt(i)) : SENTENCE;
    const inside =
      kind === LETTER || (kind === APOSTROPHE && from >= 0 && kindOf(plain.charCodeAt(i + 1) || 32) === LETTER);
    if (inside) {
      if (from < 0) from = i;
      continue;
    }
    if (from >= 0) add(found, plain, from, i, at);
    from = -1;
    if (kind === ALONE) add(found, plain, i, i + 1, at);
    else if (breaks(plain, i, kind)) step(at, kind);
  }
  return found;
}

function breaks(text: string, i: number, kind: number): boolean {
  const code = text.charCodeAt(i);
  if (kind === CLAUSE) return !(code === 44 || code === 58) || !joined(text, i);
  if (kind === SENTENCE) return code !== 46 || !joined(text, i);
  return code === 45 && text.charCodeAt(i - 1) === 32 && text.charCodeAt(i + 1) === 32;
}

const joined = (text: string, i: number) =>
  i > 0 && kindOf(text.charCodeAt(i - 1)) === LETTER && kindOf(text.charCodeAt(i + 1) || 32) === LETTER;

function step(at: { clause: number; sentence: number }, kind: number): void {
  at.clause++;
  if (kind === SENTENCE) at.sentence++;
}

function add(found: Words, text: string, from: number, to: number, at: { clause: number; sentence: number }): void {
  const word = fold(text.slice(from, to));
  if (isContrast(word)) at.clause++;
  found.words.push(word);
  found.start.push(from);
  found.end.push(to);
  found.clause.push(at.clause);
  found.sentence.push(at.sentence);
}
