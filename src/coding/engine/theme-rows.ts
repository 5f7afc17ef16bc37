import { RowWriter, type Rows } from './rows.ts';
import { isTelling } from './stop-words.ts';
import type { Words } from './words.ts';

/** Words of this length and longer also count by how they begin, so that inflections and compounds meet. */
const BEGINNING = 5;
const BEGINNING_WEIGHT = 0.6;
/** Words in so large a part of all answers set nothing apart. */
const COMMON = 0.3;

/** What an answer is about: its words without function words, and how the longer of them begin. */
function termsOf({ words }: Words): Map<string, number> {
  const terms = new Map<string, number>();
  const add = (term: string, weight: number) => terms.set(term, (terms.get(term) ?? 0) + weight);
  for (const word of words) {
    if (!isTelling(word)) continue;
    add(word, 1);
    if (word.length >= BEGINNING) add(`${word.slice(0, BEGINNING)}*`, BEGINNING_WEIGHT);
  }
  return terms;
}

/**
 * Rows of length 1 for the unexplained answers: term weights, sublinear, times their inverse document frequency among all
 * answers, times how much more often unexplained answers say it than explained ones. What only one of them says is left out.
 */
export function themeRows(unexplained: Words[], explained: Words[]): Rows {
  const terms = unexplained.map(termsOf);
  const inTheme = frequencies(terms);
  const elsewhere = frequencies(explained.map(termsOf));
  const all = unexplained.length + explained.length;
  const numbers = new Map<string, number>();
  for (const [term, count] of inTheme) {
    if (count > 1 && count <= Math.max(COMMON * unexplained.length, 6)) numbers.set(term, numbers.size);
  }
  const weightOf = (term: string) => {
    const [here, there] = [inTheme.get(term)!, elsewhere.get(term) ?? 0];
    const novelty = here / unexplained.length / (here / unexplained.length + there / Math.max(1, explained.length));
    return novelty * Math.log((1 + all) / (1 + here + there));
  };
  const writer = new RowWriter();
  for (const each of terms) {
    const from = writer.length;
    for (const [term, weight] of each) {
      const number = numbers.get(term);
      if (number !== undefined) writer.add(number, Math.sqrt(weight) * weightOf(term));
    }
    writer.normalise(from, 1);
    writer.endRow();
  }
  return writer.rows(Math.max(1, numbers.size));
}

/** In how many answers each term stands. */
function frequencies(answers: Map<string, number>[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const terms of answers) for (const term of terms.keys()) counts.set(term, (counts.get(term) ?? 0) + 1);
  return counts;
}
