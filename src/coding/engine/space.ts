import type { Read } from './answers.ts';
import type { Concepts } from './concepts.ts';
import type { Match } from './lexicon.ts';
import { lanesOf } from './logistic.ts';
import { RowWriter, type Rows } from './rows.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Where an answer's words are unknown, the lexicon has to speak alone. */
const MORE_WHERE_UNKNOWN = 4;

/** All features of an answer in their order: n-grams, concepts, and one that is always there. */
export class Space {
  readonly vocabulary: Vocabulary;
  readonly concepts: Concepts;

  constructor(vocabulary: Vocabulary, concepts: Concepts) {
    this.vocabulary = vocabulary;
    this.concepts = concepts;
  }

  get width(): number {
    return this.vocabulary.size + this.concepts.size + 1;
  }

  /** Appends one row; a `bare` one has only what the lexicon found without its hints, as if every word were unknown. Returns the share of known words. */
  write(answer: Read, matches: Match[], row: RowWriter, bare = false): number {
    const known = bare ? 0 : this.vocabulary.write(answer.words, row);
    this.concepts.write(matches, this.vocabulary.size, 1 + MORE_WHERE_UNKNOWN * (1 - known), row, !bare);
    row.add(this.width - 1, 1);
    row.endRow();
    return known;
  }

  rows(answers: Read[], matches: Match[][], bare = false): Rows {
    const writer = new RowWriter();
    answers.forEach((answer, i) => this.write(answer, matches[i]!, writer, bare));
    return writer.rows(this.width);
  }
}

/** Of weights for all features those of the concepts and the constant, which need no word to be known. */
export const lexiconWeights = (weights: Float32Array, { vocabulary, concepts }: Space): Float32Array =>
  weights.slice(vocabulary.size * lanesOf(concepts.codes.length));

/** The words' weights of the one, the lexicon's of the other. */
export function joined(words: Float32Array, lexicon: Float32Array, { vocabulary, concepts }: Space): Float32Array {
  const weights = words.slice();
  weights.set(lexicon, vocabulary.size * lanesOf(concepts.codes.length));
  return weights;
}
