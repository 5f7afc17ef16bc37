import { read, type Answer, type Example } from './answers.ts';
import { coldWeights } from './cold-start.ts';
import { Concepts } from './concepts.ts';
import { crossFitted } from './cross-fit.ts';
import { compare, isAhead, type Comparison } from './comparing.ts';
import { countRow, type Figures } from './figures.ts';
import { coldHead, type Head, type Truth, type Verdict } from './head.ts';
import type { EntryGroup } from './lexicon.ts';
import type { Rows } from './rows.ts';
import { joined, lexiconWeights, Space } from './space.ts';
import { foldsOf, learn, tryCold, tryOut, tryWithColdHead, type Lessons, type Trial } from './validation.ts';
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
  /** For all other languages: what the labels taught about the lexicon, which all languages share, else the start. */
  abroad: Judge;
  /** Whether `abroad` is the start, which hears words; what was learned about the lexicon hears that alone. */
  wordsAbroad: boolean;
  /** Languages with labels enough. */
  homes: string[];
  labels: number;
}

const DEFAULTS: TrainOptions = { seed: 1, folds: 5 };
/**
 * At this cost labels are heard before they have proved anything: the weights hardly leave their prior (Chelba and Acero 2004),
 * and the head, which is what few labels bend too far, stays the start's.
 */
const GENTLE = 0.1;
/** Fewer labels than these are heard the more gently the fewer they are. */
const FEW = 60;
/** Between gentle and full: labels that are heard well, while the head stays the start's. */
const HALFWAY = 0.3;
const FULL = 1;
/** With more labels the head is known well enough, too. */
const FULL_ONLY = 1500;
/** With so many labels a lead of so many standard errors as is wanted is believed. */
const MANY = 80;
/** With next to none it takes this many errors more: both the lead and its error are then mostly chance. */
const DOUBT = 2.5;
const FEWEST = 10;
const FEWEST_OF_LANGUAGE = 20;

export interface Trained {
  model: Model;
  /** On each example, by what the others taught: what the model would say had it not seen the labels of this one. */
  verdicts(): Verdict[];
}

/** Makes a model, see `trainCrossFitted`. */
export const train = (material: Material, options: Partial<TrainOptions> = {}): Model =>
  trainCrossFitted(material, options).model;

/**
 * Makes a model. It starts from the lexicon and the pool alone; with coded answers it learns from there, and what it learned
 * is promoted only where cross-validation finds it better than the start. The verdicts come from that cross-validation.
 */
export function trainCrossFitted(material: Material, options: Partial<TrainOptions> = {}): Trained {
  const { codes, examples } = material;
  const settings = { ...DEFAULTS, ...options };
  const { space, start, startAbroad, lessons, bare } = startFrom(material);
  const made = { space, homes: homesOf(examples), labels: examples.length };
  if (examples.length < FEWEST) {
    const judge: Judge = { weights: start, head: coldHead(codes.length), figures: {} };
    const model = { ...made, home: judge, abroad: judge, wordsAbroad: true };
    return { model, verdicts: () => crossFitted(tryCold(lessons(), start)) };
  }
  const home = learnHome(start, lessons(), settings);
  const lexicon = home.judge.figures.promoted && learnAbroad(startAbroad(), bare(), settings);
  const wordsAbroad = !lexicon?.judge.figures.promoted;
  const abroad = wordsAbroad ? startWithWordsOf(home.judge, start, space, tryCold(lessons(), start)) : lexicon;
  const model = { ...made, home: home.judge, abroad: abroad.judge, wordsAbroad };
  return { model, verdicts: () => verdictsOf(model, examples, home.trial, abroad.trial) };
}

function verdictsOf(model: Model, examples: Example[], home: Trial, abroad: Trial): Verdict[] {
  const [here, away] = [crossFitted(home), crossFitted(abroad)];
  return examples.map(({ lang }, row) => (isAbroad(model, lang) ? away : here)[row]!);
}

/** The start, but for words that other languages share with those that labels moved: one set of words is kept for all. */
function startWithWordsOf({ weights }: Judge, start: Float32Array, space: Space, trial: Trial) {
  const { head, figures } = trial;
  return {
    judge: { weights: joined(weights, lexiconWeights(start, space), space), head, figures: { cold: figures } },
    trial,
  };
}

/** What is known before any label, and the labels as lessons; what goes without words (`bare`) only if somebody asks. */
function startFrom({ codes, groups, examples, pool }: Material) {
  const answers = [...examples, ...pool].map(read);
  const concepts = new Concepts(codes, groups);
  const matches = answers.map((answer) => concepts.match(answer));
  concepts.learnRarity(matches);
  const space = new Space(learnVocabulary(answers.map(({ words }) => words)), concepts);
  const rows = space.rows(answers, matches);
  return {
    space,
    start: coldWeights(space, rows, matches),
    startAbroad: () => coldWeights(space, rows, matches, false),
    lessons: () => lessonsOf(rows, codes, examples, silenced(labelledOf(rows, examples), space)),
    bare: () => lessonsOf(space.rows(answers.slice(0, examples.length), matches, true), codes, examples),
  };
}

/** Whether people have coded answers, but too few in this language. */
export const isAbroad = ({ homes, labels }: Model, lang: string | undefined): boolean =>
  lang !== undefined && labels > 0 && homes.length > 0 && !homes.includes(lang);

/** No language named at all means that there is but one. */
function homesOf(examples: Example[]): string[] {
  const counts = new Map<string, number>();
  for (const { lang } of examples) if (lang) counts.set(lang, (counts.get(lang) ?? 0) + 1);
  return [...counts].filter(([, count]) => count >= FEWEST_OF_LANGUAGE).map(([lang]) => lang);
}

/** Where the labels' words are heard. A head refitted to the start alone led in cross-validation and failed on what came after. */
function learnHome(start: Float32Array, lessons: Lessons, { folds, seed }: TrainOptions): Promoted {
  const labels = lessons.weight.length;
  const fold = foldsOf(labels, folds, seed);
  const asStart = (cost: number) => tryWithColdHead(lessons, start, cost, fold, folds);
  const full = tryOut(lessons, start, FULL, fold, folds);
  const candidates = labels > FULL_ONLY ? [full] : [full, asStart(HALFWAY)];
  const unproven = () => asStart(GENTLE * Math.min(1, labels / FEW));
  return promote(start, lessons, { candidates, errors: 1.5, unproven });
}

/** Where the lexicon alone is heard, there is little to learn but the head, and few labels suffice for that. */
function learnAbroad(start: Float32Array, lessons: Lessons, { folds, seed }: TrainOptions): Promoted {
  const fold = foldsOf(lessons.weight.length, folds, seed);
  const candidates = [0, FULL].map((cost) => tryOut(lessons, start, cost, fold, folds));
  return promote(start, lessons, { candidates, errors: 1 });
}

/** As a judge of other answers, and as it did on these. */
interface Promoted {
  judge: Judge;
  trial: Trial;
}

interface Contest {
  candidates: Trial[];
  /** By so many standard errors the best must lead the start. */
  errors: number;
  /** Takes the start's place where none does. */
  unproven?: () => Trial;
}

function promote(start: Float32Array, lessons: Lessons, { candidates, errors, unproven }: Contest): Promoted {
  const cold = tryCold(lessons, start);
  const best = candidates.reduce((a, b) => (b.figures.micro > a.figures.micro ? b : a));
  const wanted = errors + DOUBT * Math.max(0, 1 - lessons.weight.length / MANY);
  const isBetter = isAhead(compareTrials(lessons.truth, cold, best), wanted);
  const trial = isBetter ? best : (unproven?.() ?? cold);
  const weights = trial.cost === 0 ? start : learn(lessons, start, trial.cost);
  const figures = { cold: cold.figures, ...(isBetter && { promoted: best.figures }) };
  return { judge: { weights, head: trial.head, figures }, trial };
}

/** On the same answers, one by one. */
function compareTrials({ codes, labels }: Truth, before: Trial, after: Trial): Comparison {
  const counted = ({ decided }: Trial, row: number) =>
    countRow(labels, decided.subarray(row * codes, (row + 1) * codes), row);
  const rows = Array.from({ length: labels.length / codes }, (_, row) => row);
  return compare(rows.map((row) => ({ before: counted(before, row), after: counted(after, row) })));
}

const labelledOf = (rows: Rows, examples: Example[]): Rows => ({
  ...rows,
  start: rows.start.slice(0, examples.length + 1),
});

/**
 * Every second row without what the lexicon found in it. Where the lexicon explains nearly every coded answer, most of all if
 * its author had read them, the words would else learn nothing (weight undertraining: Sutton, Sindelar and McCallum 2006).
 */
function silenced(rows: Rows, { vocabulary, width }: Space): Rows {
  const value = rows.value.slice();
  for (let row = 0; row < rows.start.length - 1; row += 2) {
    for (let i = rows.start[row]!; i < rows.start[row + 1]!; i++) {
      if (rows.index[i]! >= vocabulary.size && rows.index[i]! < width - 1) value[i] = 0;
    }
  }
  return { ...rows, value };
}

function lessonsOf(rows: Rows, codes: string[], examples: Example[], taught?: Rows): Lessons {
  const labelled = labelledOf(rows, examples);
  return {
    rows: labelled,
    taught: taught ?? labelled,
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
