import { aroundHash, eachWordGram, gramsOf, pairHash } from './grams.ts';
import { HashTable } from './hash-table.ts';
import type { RowWriter } from './rows.ts';
import type { Words } from './words.ts';

/** What a vocabulary consists of when written down: hashes with the weight of their rarity; word grams come first. */
export interface VocabularyParts {
  hashes: Uint32Array;
  idf: Float32Array;
  wordGrams: number;
}

/** A word as it was looked up before: its number and its hash, and the numbers of its character n-grams. */
interface Known {
  word: number;
  hash: number;
  characters: Int32Array;
}

const NOWHERE = -1;
const REMEMBERED = 50_000;
/** How much more all character n-grams together count than all word grams. */
const OF_CHARACTERS = 1.2;

/**
 * Numbers and weighs the n-grams that are worth a feature: those that at least two answers share. A row has two families,
 * word grams and character 3-5-grams, each 1 + ln(count) times the root of its inverse document frequency (after Salton and
 * Buckley 1988; the root because how much a gram tells of a code is learned from labels), each of one length.
 */
export class Vocabulary {
  readonly parts: VocabularyParts;
  readonly #slots: HashTable;
  readonly #numbers: Int32Array;
  readonly #counts: Float32Array;
  #touched: Int32Array = new Int32Array(1024);
  #touches = 0;
  #seen = new Map<string, Known>();

  constructor(parts: VocabularyParts) {
    this.parts = parts;
    this.#slots = new HashTable(1 << Math.ceil(Math.log2(parts.hashes.length * 2 + 16)));
    this.#numbers = new Int32Array(this.#slots.keys.length);
    parts.hashes.forEach((hash, number) => this.#file(hash, number));
    this.#counts = new Float32Array(parts.hashes.length);
  }

  #file(hash: number, number: number): void {
    const slot = this.#slots.slot(hash);
    this.#slots.keys[slot] = hash;
    this.#slots.counts[slot] = 1;
    this.#numbers[slot] = number;
  }

  get size(): number {
    return this.parts.hashes.length;
  }

  numberOf(hash: number): number {
    const slot = this.#slots.slot(hash);
    return this.#slots.counts[slot] === 0 ? NOWHERE : this.#numbers[slot]!;
  }

  /**
   * Appends the features of an answer to the row under way and returns the share of its words that are known: what is said
   * in unknown words, maybe in a language never met, makes the known ones count for less.
   */
  write(words: Words, row: RowWriter): number {
    const { words: list, sentence } = words;
    let first: Known | undefined;
    let before: Known | undefined;
    let unknown = 0;
    for (let i = 0; i < list.length; i++) {
      const known = this.#word(list[i]!);
      this.#count(known.word);
      if (known.word < 0) unknown++;
      // Words that two answers share are known each by itself, too.
      if (known.word >= 0 && before && before.word >= 0 && sentence[i] === sentence[i - 1])
        this.#count(this.numberOf(pairHash(before.hash, known.hash)));
      if (known.word >= 0 && first && first.word >= 0 && sentence[i] === sentence[i - 2])
        this.#count(this.numberOf(aroundHash(first.hash, known.hash)));
      first = before;
      before = known;
    }
    const share = list.length === 0 ? 0 : 1 - unknown / list.length;
    this.#flush(row, Math.sqrt(share));
    for (const word of list) {
      const { characters } = this.#word(word);
      for (let i = 0; i < characters.length; i++) this.#count(characters[i]!);
    }
    this.#flush(row, OF_CHARACTERS * Math.sqrt(share));
    return share;
  }

  #word(word: string): Known {
    const known = this.#seen.get(word);
    if (known) return known;
    if (this.#seen.size >= REMEMBERED) this.#seen = new Map();
    const grams = gramsOf(word);
    const characters = Int32Array.from([...grams.characters].map((hash) => this.numberOf(hash))).filter((n) => n >= 0);
    const found = { word: this.numberOf(grams.word), hash: grams.word, characters };
    this.#seen.set(word, found);
    return found;
  }

  #count(number: number): void {
    if (number < 0) return;
    if (this.#counts[number]!++ > 0) return;
    if (this.#touches === this.#touched.length) this.#touched = widened(this.#touched);
    this.#touched[this.#touches++] = number;
  }

  #flush(row: RowWriter, norm: number): void {
    const from = row.length;
    for (let i = 0; i < this.#touches; i++) {
      const number = this.#touched[i]!;
      const count = this.#counts[number]!;
      row.add(number, (count === 1 ? 1 : 1 + Math.log(count)) * this.parts.idf[number]!);
      this.#counts[number] = 0;
    }
    row.normalise(from, norm);
    this.#touches = 0;
  }
}

function widened(list: Int32Array): Int32Array {
  const wider = new Int32Array(list.length * 2);
  wider.set(list);
  return wider;
}

/** Counts in how many answers each n-gram stands and keeps those in at least two. */
export function learnVocabulary(answers: Words[], leastAnswers = 2): Vocabulary {
  const words = new HashTable();
  const characters = new HashTable();
  answers.forEach((answer, stamp) => {
    eachWordGram(answer, (hash) => words.countOnce(hash, stamp));
    for (const word of answer.words) for (const hash of gramsOf(word).characters) characters.countOnce(hash, stamp);
  });
  const kept = [kept2(words, leastAnswers), kept2(characters, leastAnswers)] as const;
  const hashes = Uint32Array.from([...kept[0], ...kept[1]].map(([hash]) => hash));
  const idf = Float32Array.from(
    [...kept[0], ...kept[1]].map(([, count]) => Math.sqrt(Math.log((1 + answers.length) / (1 + count)) + 1)),
  );
  return new Vocabulary({ hashes, idf, wordGrams: kept[0].length });
}

function kept2(table: HashTable, least: number): [number, number][] {
  const found: [number, number][] = [];
  table.counts.forEach((count, slot) => {
    if (count >= least) found.push([table.keys[slot]!, count]);
  });
  // What many answers share lies together, where a processor finds it fast.
  return found.sort((a, b) => b[1] - a[1]);
}
