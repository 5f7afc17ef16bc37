import { read, type Answer, type Example } from './answers.ts';
import { coldWeights } from './cold-start.ts';
import { Concepts } from './concepts.ts';
import type { Figures } from './figures.ts';
import { coldHead, type Head, type Truth } from './head.ts';
import type { EntryGroup } from './lexicon.ts';
import type { Rows } from './rows.ts';
import { Space } from './space.ts';
import { foldsOf, learn, tryCold, tryOut, type Lessons } from './validation.ts';
import { learnVocabulary } from './vocabulary.ts';

/** What a model is made from: the codes in their order, the lexicon, coded answers, and answers that nobody has coded. */
export interface Material {
  codes: string[];
  groups: EntryGroup[];
  examples: Example[];
  pool: Answer[];
}

export interface TrainOptions {
  seed: number;
  folds: number;
  /** Costs to choose from by cross-validation. */
  costs: number[];
}

/** Weights (features x lanes) with the head that goes with them. */
export interface Judge {
  weights: Float32Array;
  head: Head;
  /** By cross-validation: the cold start's and, where one was promoted, its successor's. */
  figures: { cold?: Figures; promoted?: Figures };
}

export interface Model {
  space: Space;
  /** For answers in a language that people have coded answers in, and wherever no language is known. */
  home: Judge;
  /** For all other languages: what the labels taught about the lexicon alone, which all languages share. */
  abroad: Judge;
  /** Languages with labels enough. */
  homes: string[];
  labels: number;
}

const DEFAULTS: TrainOptions = { seed: 1, folds: 5, costs: [2] };
const FEW = 1500;
const FEWEST = 10;
const FEWEST_OF_LANGUAGE = 20;

/**
 * Makes a model. It starts from the lexicon and the pool alone; with coded answers it learns from there, and what it learned
 * is promoted only where cross-validation finds it better than the start.
 */
export function train({ codes, groups, examples, pool }: Material, options: Partial<TrainOptions> = {}): Model {
  const settings = { ...DEFAULTS, ...options };
  const answers = [...examples, ...pool].map(read);
  const concepts = new Concepts(codes, groups);
  const matches = answers.map((answer) => concepts.match(answer));
  concepts.learnRarity(matches);
  const space = new Space(learnVocabulary(answers.map(({ words }) => words)), concepts);
  const rows = space.rows(answers, matches);
  const start: Judge = { weights: coldWeights(space, rows, matches), head: coldHead(codes.length), figures: {} };
  const made = { space, homes: homesOf(examples), labels: examples.length };
  if (examples.length < FEWEST) return { ...made, home: start, abroad: start };
  const bare = space.rows(answers.slice(0, examples.length), matches, true);
  return {
    ...made,
    home: promote(start, lessonsOf(rows, codes, examples), settings),
    abroad: promote(start, lessonsOf(bare, codes, examples), settings),
  };
}

/** The figures that training would find for these examples, and those of the cold start on the same, without a model. */
export function crossValidate(material: Material, options: Partial<TrainOptions> = {}): Judge['figures'] {
  return train(material, options).home.figures;
}

/** No language named at all means that there is but one. */
function homesOf(examples: Example[]): string[] {
  const counts = new Map<string, number>();
  for (const { lang } of examples) if (lang) counts.set(lang, (counts.get(lang) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= FEWEST_OF_LANGUAGE).map(([lang]) => lang);
}

function promote(start: Judge, lessons: Lessons, { folds, seed, costs }: TrainOptions): Judge {
  const fold = foldsOf(lessons.weight.length, folds, seed);
  const cold = tryCold(lessons, start.weights);
  const tried = lessons.weight.length > FEW ? costs.slice(0, 1) : costs;
  const trials = [0, ...tried].map((cost) => tryOut(lessons, start.weights, cost, fold, folds));
  const best = trials.reduce((a, b) => (b.figures.micro > a.figures.micro ? b : a));
  if (best.figures.micro <= cold.figures.micro) return { ...start, figures: { cold: cold.figures } };
  const weights = best.cost === 0 ? start.weights : learn(lessons, start.weights, best.cost);
  return { weights, head: best.head, figures: { cold: cold.figures, promoted: best.figures } };
}

function lessonsOf(rows: Rows, codes: string[], examples: Example[]): Lessons {
  const labelled: Rows = { ...rows, start: rows.start.slice(0, examples.length + 1) };
  return {
    rows: labelled,
    truth: truthOf(codes, examples),
    weight: Float32Array.from(examples, ({ weight }) => weight ?? 1),
  };
}

/** Labels and main reasons of examples as rows x codes. Without a main reason named, every label has its part in it. */
export function truthOf(codes: string[], examples: Example[]): Truth {
  const labels = new Uint8Array(examples.length * codes.length);
  const mains = new Float32Array(labels.length);
  examples.forEach((example, row) => {
    const known = example.labels.map((label) => codes.indexOf(label)).filter((code) => code >= 0);
    const main = example.main === undefined ? [] : [codes.indexOf(example.main)].filter((code) => code >= 0);
    const chief = main.length > 0 ? main : known;
    for (const code of known) labels[row * codes.length + code] = 1;
    for (const code of chief) mains[row * codes.length + code] = 1 / chief.length;
  });
  return { codes: codes.length, labels, mains };
}
