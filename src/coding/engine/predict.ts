import { read, type Answer, type Read } from './answers.ts';
import { eachWordGram } from './grams.ts';
import { judge, type Head, type Verdict } from './head.ts';
import type { Match } from './lexicon.ts';
import { lanesOf, marginsOf } from './logistic.ts';
import { RowWriter } from './rows.ts';
import { isTelling } from './stop-words.ts';
import { isAbroad, type Judge, type Model } from './train.ts';

export interface Told extends Verdict {
  /** The share of the answer's words that the model has met, 0 to 1. */
  knownWords: number;
}

/** Characters of the answer that spoke for a code, `to` not included; the stronger the weight the more they said. */
export interface Span {
  from: number;
  to: number;
  weight: number;
  /** The entry of the lexicon that was found there, or nothing where words learned from coded answers spoke. */
  entry?: string;
}

/** Why a code: its probability and the spans that spoke for it, strongest first. */
export interface Explanation {
  code: string;
  chance: number;
  decided: boolean;
  main: number;
  spans: Span[];
  /** The second-level code that the lexicon's entries speak of, if it is one above all, and its share of what they say. */
  detail?: { code: string; share: number };
}

/** A verdict with its reasons. */
export interface Judged {
  told: Told;
  explanations: Explanation[];
}

export interface Predictor {
  /** Probabilities in the order of the model's codes. The verdict is the caller's to keep. */
  tell(answer: Answer): Told;
  /** What `tell` tells, with the codes told, and any other that words of the answer spoke for, likeliest first. */
  judge(answer: Answer): Judged;
  explain(answer: Answer): Explanation[];
  /** The head by which an answer in this language is judged. */
  headFor(lang: string | undefined): Head;
}

const MOST_SPANS = 5;
/** Entries that say so much of all that is said of a code's second level make one clear. */
const CLEAR = 0.6;
/** A word whose weight moves the odds by less is not worth showing. */
const WORTH_SHOWING = 0.1;

/** Judges answers one after the other; what it needs for that is made once. */
export function createPredictor(model: Model): Predictor {
  const { space } = model;
  const writer = new RowWriter();
  const margins = new Float64Array(lanesOf(space.concepts.codes.length));
  const weigh = (answer: Read, matches: Match[], bare: boolean, { weights }: Judge) => {
    writer.clear();
    const knownWords = space.write(answer, matches, writer, bare);
    marginsOf(writer.view(space.width), 0, weights, margins);
    return knownWords;
  };
  const judgeAnswer = (answer: Read, matches: Match[]): Told => {
    const away = isAbroad(model, answer.lang);
    const judged = away ? model.abroad : model.home;
    const knownWords = weigh(answer, matches, away && !model.wordsAbroad, judged);
    return { ...judge(judged.head, margins), knownWords };
  };
  const judgeAndExplain = (answer: Answer): Judged => {
    const known = read(answer);
    const matches = space.concepts.match(known);
    const told = judgeAnswer(known, matches);
    return { told, explanations: explanations(model, known, matches, told) };
  };
  return {
    tell(answer) {
      const known = read(answer);
      return judgeAnswer(known, space.concepts.match(known));
    },
    judge: judgeAndExplain,
    explain: (answer) => judgeAndExplain(answer).explanations,
    headFor: (lang) => (isAbroad(model, lang) ? model.abroad : model.home).head,
  };
}

function explanations(model: Model, answer: Read, matches: Match[], told: Told): Explanation[] {
  const { codes } = model.space.concepts;
  const all = codes.map((code, i) => ({
    code,
    chance: told.chances[i]!,
    decided: told.decided[i] === 1,
    main: told.mains[i]!,
    spans: strongest([...lexiconSpans(model, answer, matches, code), ...wordSpans(model, answer, i)]),
    detail: clearDetail(model, matches, code),
  }));
  return all.filter(({ decided, spans }) => decided || spans.length > 0).sort((a, b) => b.chance - a.chance);
}

const strongest = (spans: Span[]) => spans.sort((a, b) => b.weight - a.weight).slice(0, MOST_SPANS);

function clearDetail({ space }: Model, matches: Match[], code: string): Explanation['detail'] {
  const { lexicon, rarity } = space.concepts;
  const said = new Map<string, number>();
  for (const entry of new Set(matches.map((match) => match.entry))) {
    const { group } = lexicon.entries[entry]!;
    if (group.code !== code || group.detail === code) continue;
    said.set(group.detail, (said.get(group.detail) ?? 0) + rarity[entry]!);
  }
  const all = [...said.values()].reduce((sum, each) => sum + each, 0);
  const [first] = [...said].sort(([, a], [, b]) => b - a);
  return first && first[1] >= CLEAR * all ? { code: first[0], share: first[1] / all } : undefined;
}

function lexiconSpans({ space }: Model, { words }: Read, matches: Match[], code: string): Span[] {
  const { lexicon, rarity } = space.concepts;
  return matches
    .filter(({ entry }) => lexicon.entries[entry]!.group.code === code)
    .map(({ entry, from, to }) => ({
      from: words.start[from]!,
      to: words.end[to]!,
      weight: rarity[entry]!,
      entry: lexicon.entries[entry]!.text,
    }));
}

/** Words and pairs of words whose learned weights speak for a code; "dem" and "war" are no reason that a person can judge. */
function wordSpans({ space, home, homes }: Model, { words, lang }: Read, code: number): Span[] {
  if (lang !== undefined && homes.length > 0 && !homes.includes(lang)) return [];
  const lanes = lanesOf(space.concepts.codes.length);
  const norm = Math.sqrt(Math.max(1, words.words.length));
  const spans: Span[] = [];
  eachWordGram(words, (hash, from, to) => {
    const number = space.vocabulary.numberOf(hash);
    if (number < 0) return;
    const weight = (home.weights[number * lanes + code]! * space.vocabulary.parts.idf[number]!) / norm / 2;
    const tells = words.words.slice(from, to + 1).some(isTelling);
    if (tells && weight >= WORTH_SHOWING) spans.push({ from: words.start[from]!, to: words.end[to]!, weight });
  });
  return spans;
}
