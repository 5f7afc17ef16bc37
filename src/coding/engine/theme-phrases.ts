import { isStopWord, isTelling } from './stop-words.ts';
import type { Words } from './words.ts';

/** Phrases of 1 to 3 words by answer, in their folded spelling. */
export interface Phrases {
  byAnswer: Set<string>[];
  /** In how many answers it stands. */
  answersWith: (phrase: string) => number;
  /** As people mostly wrote it. */
  written: (phrase: string) => string;
}

const LONGEST = 3;

/** Phrases lie within a clause and neither begin nor end with a function word. */
export function phrasesOf(answers: Words[]): Phrases {
  const counts = new Map<string, number>();
  const spellings = new Map<string, Words[]>();
  const remember = (phrase: string, answer: Words) => {
    const known = spellings.get(phrase);
    if (!known) spellings.set(phrase, [answer]);
    else if (known.length < ENOUGH) known.push(answer);
  };
  const byAnswer = answers.map((answer) => {
    const found = new Set<string>();
    eachPhrase(answer, (from, to) => found.add(answer.words.slice(from, to).join(' ')));
    for (const phrase of found) {
      counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
      remember(phrase, answer);
    }
    return found;
  });
  return {
    byAnswer,
    answersWith: (phrase) => counts.get(phrase) ?? 0,
    written: (phrase) => mostWritten(phrase, spellings.get(phrase) ?? []),
  };
}

/** So many answers show how a phrase is spelt. */
const ENOUGH = 20;

function eachPhrase({ words, clause }: Words, found: (from: number, to: number) => void): void {
  const says = words.map((word) => isTelling(word));
  for (let from = 0; from < words.length; from++) {
    if (!says[from]) continue;
    for (let to = from + 1; to <= Math.min(words.length, from + LONGEST) && clause[to - 1] === clause[from]; to++) {
      if (says[to - 1]) found(from, to);
    }
  }
}

function mostWritten(phrase: string, answers: Words[]): string {
  const spellings = new Map<string, number>();
  for (const answer of answers) {
    eachPhrase(answer, (from, to) => {
      if (answer.words.slice(from, to).join(' ') !== phrase) return;
      const spelling = answer.text.slice(answer.start[from]!, answer.end[to - 1]!).replace(/\s+/g, ' ');
      const known = from === 0 ? uncapital(spelling) : spelling;
      spellings.set(known, (spellings.get(known) ?? 0) + 1);
    });
  }
  return [...spellings].reduce((best, each) => (each[1] > best[1] ? each : best), [phrase, 0] as const)[0];
}

/** A capital at the beginning of an answer says nothing of the word. */
const uncapital = (text: string) => (/^\p{Lu}\p{Ll}/u.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text);

interface ScoredPhrase {
  phrase: string;
  /** In how many answers of the theme. */
  count: number;
  z: number;
}

/** Of the answers with a phrase so many must go on in the same way for the longer phrase to stand in its place. */
const MOSTLY = 0.4;

/** Of a shorter word too many others begin alike. */
const SHORTEST = 3;

/** The strongest phrases, at their full length; what is said already, in other words that begin alike, is not said again. */
export function distinctPhrases(scored: ScoredPhrase[], most: number): ScoredPhrase[] {
  const ranked = scored.toSorted((a, b) => b.z - a.z || a.phrase.localeCompare(b.phrase));
  const told = new Set<string>();
  const chosen: ScoredPhrase[] = [];
  for (const each of ranked) {
    if (chosen.length >= most) break;
    if (beginningsOf(each.phrase).some((begin) => isTold(begin, told))) continue;
    const longest = longer(each, ranked);
    for (const begin of beginningsOf(longest.phrase)) told.add(begin);
    chosen.push(longest);
  }
  return chosen;
}

function longer(each: ScoredPhrase, ranked: ScoredPhrase[]): ScoredPhrase {
  const around = ranked.filter(
    ({ phrase, count }) => ` ${phrase} `.includes(` ${each.phrase} `) && count >= MOSTLY * each.count,
  );
  return around.reduce((best, other) => (other.phrase.length > best.phrase.length ? other : best), each);
}

/** "bags" after "bag" says nothing new. */
const isTold = (begin: string, told: ReadonlySet<string>): boolean =>
  told.has(begin) || [...told].some((other) => isBeginning(other, begin) || isBeginning(begin, other));

const isBeginning = (short: string, long: string): boolean => short.length >= SHORTEST && long.startsWith(short);

const beginningsOf = (phrase: string): string[] =>
  phrase
    .split(' ')
    .filter((word) => !isStopWord(word))
    .map((word) => word.slice(0, 5));
