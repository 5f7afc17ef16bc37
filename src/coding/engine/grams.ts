import type { Words } from './words.ts';

const WORD_SEED = 0x811c9dc5;
const PAIR_SEED = 0x1b873593;
const CHARACTER_SEED = 0x2545f491;
const SHORTEST = 3;
const LONGEST = 5;
const REMEMBERED = 50_000;

/** Hashes of one word: of itself and of its character 3-5-grams with its ends marked. */
interface WordGrams {
  word: number;
  characters: Uint32Array;
}

let remembered = new Map<string, WordGrams>();

/** Answers repeat their words, so that most of the hashing has been done before. */
export function gramsOf(word: string): WordGrams {
  const known = remembered.get(word);
  if (known) return known;
  if (remembered.size >= REMEMBERED) remembered = new Map();
  const shape = word.replace(/\d/g, '0');
  const grams = { word: hash(shape, 0, shape.length, WORD_SEED), characters: characterGrams(`_${shape}_`) };
  remembered.set(word, grams);
  return grams;
}

function characterGrams(marked: string): Uint32Array {
  const found: number[] = [];
  for (let length = SHORTEST; length <= LONGEST; length++) {
    for (let i = 0; i + length <= marked.length; i++) found.push(hash(marked, i, i + length, CHARACTER_SEED));
  }
  return Uint32Array.from(found);
}

/** FNV-1a (Fowler, Noll, Vo) over UTF-16 units. */
function hash(text: string, from: number, to: number, seed: number): number {
  let value = seed;
  for (let i = from; i < to; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** The hash of two words after each other. */
export function pairHash(first: number, second: number): number {
  let value = Math.imul(first ^ PAIR_SEED, 0x85ebca6b) ^ Math.imul(second, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x27d4eb2f);
  return (value ^ (value >>> 13)) >>> 0;
}

/** The hash of two words around a third. */
export const aroundHash = (first: number, last: number): number => pairHash(~first, last);

/**
 * Calls back with every word 1-2-gram of an answer and every two words around a third (skip-grams, Guthrie et al. 2006); none
 * reaches over the end of a sentence.
 */
export function eachWordGram({ words, sentence }: Words, seen: (hash: number, from: number, to: number) => void): void {
  let first = 0;
  let before = 0;
  for (let i = 0; i < words.length; i++) {
    const { word } = gramsOf(words[i]!);
    seen(word, i, i);
    if (i > 0 && sentence[i] === sentence[i - 1]) seen(pairHash(before, word), i - 1, i);
    if (i > 1 && sentence[i] === sentence[i - 2]) seen(aroundHash(first, word), i - 2, i);
    first = before;
    before = word;
  }
}
