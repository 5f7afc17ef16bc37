import type { WordPattern } from './entries.ts';

const NONE: readonly number[] = [];
const REMEMBERED = 50_000;
const SHORTEST_COMPOUND = 6;

/** Finds which of many word patterns a word fits. Answers repeat their words, so what was found once is remembered. */
export class WordIndex {
  readonly #ids = new Map<string, number>();
  readonly #exact = new Map<string, number>();
  readonly #prefixes = new Map<string, number>();
  readonly #suffixes = new Map<string, number>();
  readonly #infixes: [string, number][] = [];
  readonly #stems = new Map<string, { id: number; extra: number }>();
  #seen = new Map<string, readonly number[]>();

  get size(): number {
    return this.#ids.size;
  }

  /** The number of a pattern; the same pattern has one number. */
  add(pattern: WordPattern): number {
    const key = `${pattern.kind} ${pattern.text}`;
    const known = this.#ids.get(key);
    if (known !== undefined) return known;
    const id = this.#ids.size;
    this.#ids.set(key, id);
    this.#file(pattern, id);
    return id;
  }

  #file({ kind, text, extra = 0 }: WordPattern, id: number): void {
    if (kind === 'exact') this.#exact.set(text, id);
    else if (kind === 'prefix') this.#prefixes.set(text, id);
    else if (kind === 'suffix') this.#suffixes.set(text, id);
    else if (kind === 'infix') this.#infixes.push([text, id]);
    else this.#stems.set(text, { id, extra });
    if (kind === 'stem' && text.length >= SHORTEST_COMPOUND) this.#infixes.push([text, id]);
  }

  /** The numbers of all patterns that the folded word fits. */
  find(word: string): readonly number[] {
    const known = this.#seen.get(word);
    if (known) return known;
    if (this.#seen.size >= REMEMBERED) this.#seen = new Map();
    const found = this.#look(word);
    this.#seen.set(word, found);
    return found;
  }

  #look(word: string): readonly number[] {
    const found = new Set<number>();
    const exact = this.#exact.get(word);
    if (exact !== undefined) found.add(exact);
    for (let length = 1; length <= word.length; length++) this.#lookAt(word, length, found);
    for (const [text, id] of this.#infixes) if (word.includes(text)) found.add(id);
    return found.size === 0 ? NONE : [...found];
  }

  #lookAt(word: string, length: number, found: Set<number>): void {
    const start = word.slice(0, length);
    const prefix = this.#prefixes.get(start);
    if (prefix !== undefined) found.add(prefix);
    const stem = this.#stems.get(start);
    if (stem && word.length - length <= stem.extra) found.add(stem.id);
    const suffix = this.#suffixes.get(word.slice(word.length - length));
    if (suffix !== undefined) found.add(suffix);
  }
}
