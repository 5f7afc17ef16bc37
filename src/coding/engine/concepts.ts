import type { Read } from './answers.ts';
import { compileLexicon, type EntryGroup, type Lexicon, type Match } from './lexicon.ts';
import type { RowWriter } from './rows.ts';

/** Entries count as if they had already been found in 2 of 200 answers, so that a small pool says little about rarity. */
const IMAGINED = { answers: 200, found: 2 };
const STRONGEST = 4;
/**
 * What one point of score is as a feature. Small, so that learning moves the words' weights before the lexicon's: found in
 * nearly every coded answer, the lexicon would else explain it all and leave the words untaught (weight undertraining,
 * Sutton, Sindelar and McCallum 2006), most of all where its author had read those answers.
 */
export const POINT = 0.2;

/**
 * Concept features: what the lexicon of each code finds in an answer, in whatever language. All languages share them, so
 * that labels in one language teach the others. An entry weighs the more the rarer it is among the answers.
 */
export class Concepts {
  readonly codes: string[];
  readonly groups: EntryGroup[];
  readonly details: string[];
  readonly lexicon: Lexicon;
  readonly #codeOf: Int32Array;
  readonly #detailOf: Int32Array;
  #rarity: Float32Array;
  readonly #scores: Float64Array;

  constructor(codes: string[], groups: EntryGroup[], rarity?: Float32Array) {
    this.codes = codes;
    this.groups = groups.filter(({ code }) => codes.includes(code));
    this.details = [...new Set(this.groups.map(({ detail }) => detail))].filter((detail) => !codes.includes(detail));
    this.lexicon = compileLexicon(this.groups);
    this.#codeOf = Int32Array.from(this.lexicon.entries, ({ group }) => codes.indexOf(group.code));
    this.#detailOf = Int32Array.from(this.lexicon.entries, ({ group }) => this.details.indexOf(group.detail));
    this.#rarity = rarity ?? new Float32Array(this.lexicon.entries.length).fill(1);
    this.#scores = new Float64Array(codes.length + this.details.length);
  }

  get rarity(): Float32Array {
    return this.#rarity;
  }

  get size(): number {
    return this.#scores.length;
  }

  match({ words, lang }: Read): Match[] {
    return this.lexicon.match(words, lang);
  }

  /** Weighs each entry by its rarity among these answers (Sparck Jones 1972), between 0 and 2. */
  learnRarity(matches: Match[][]): void {
    const found = new Float64Array(this.#rarity.length);
    for (const each of matches) for (const entry of new Set(each.map((match) => match.entry))) found[entry]!++;
    const all = matches.length + IMAGINED.answers + 1;
    this.#rarity = Float32Array.from(
      found,
      (count, entry) => (2 * this.#weight(entry) * Math.log(all / (count + IMAGINED.found + 1))) / Math.log(all),
    );
  }

  #weight(entry: number): number {
    return this.lexicon.entries[entry]!.group.weight ?? 1;
  }

  /** The strength of each code, then of each second-level code, in an answer; the array is used again for the next. */
  scores(matches: Match[], withHints = true): Float64Array {
    const scores = this.#scores.fill(0);
    const seen = new Set<number>();
    for (const { entry } of matches) {
      if (seen.has(entry) || (!withHints && this.#isHint(entry))) continue;
      seen.add(entry);
      const detail = this.#detailOf[entry]!;
      scores[this.#codeOf[entry]!]! += this.#rarity[entry]!;
      if (detail >= 0) scores[this.codes.length + detail]! += this.#rarity[entry]!;
    }
    for (let i = 0; i < scores.length; i++) scores[i] = Math.min(STRONGEST, scores[i]!);
    return scores;
  }

  #isHint(entry: number): boolean {
    return this.lexicon.entries[entry]!.group.hints ?? false;
  }

  /** Appends the concept features of an answer, `factor` times as strong, to the row under way, numbered from `base`. */
  write(matches: Match[], base: number, factor: number, row: RowWriter, withHints: boolean): void {
    if (matches.length === 0) return;
    const scores = this.scores(matches, withHints);
    for (let i = 0; i < scores.length; i++) if (scores[i]! > 0) row.add(base + i, POINT * factor * scores[i]!);
  }
}
