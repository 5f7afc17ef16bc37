import { read } from './answers.ts';
import { coldWeights } from './cold-start.ts';
import { Concepts } from './concepts.ts';
import { coldHead, fitHead, judge, type Head, type Truth, type Verdict } from './head.ts';
import { Space } from './space.ts';
import { truthOf, type Material } from './train.ts';
import { foldsOf, heldOutMargins, tryCold, tryOut, type Lessons } from './validation.ts';
import { learnVocabulary } from './vocabulary.ts';

export interface CrossFitOptions {
  seed: number;
  folds: number;
  cost: number;
}

const DEFAULTS: CrossFitOptions = { seed: 1, folds: 5, cost: 2 };
const FEWEST = 10;

/**
 * Verdicts on the examples themselves, each by a model and a calibration fitted to the other folds (cross-fitting, Chernozhukov
 * et al. 2018), as prediction-powered shares need them; all other answers are judged by the model that learned from all
 * examples. Texts are known to all of it, labels are not. Where the cold start did better in cross-validation, its own.
 */
export function crossFit(
  { codes, groups, examples, pool }: Material,
  options: Partial<CrossFitOptions> = {},
): Verdict[] {
  const { seed, folds, cost } = { ...DEFAULTS, ...options };
  const answers = [...examples, ...pool].map(read);
  const concepts = new Concepts(codes, groups);
  const matches = answers.map((answer) => concepts.match(answer));
  concepts.learnRarity(matches);
  const space = new Space(learnVocabulary(answers.map(({ words }) => words)), concepts);
  const rows = space.rows(answers, matches);
  const prior = coldWeights(space, rows, matches);
  const lessons: Lessons = {
    rows: { ...rows, start: rows.start.slice(0, examples.length + 1) },
    truth: truthOf(codes, examples),
    weight: Float32Array.from(examples, ({ weight }) => weight ?? 1),
  };
  return examples.length < FEWEST
    ? byColdStart(lessons, prior)
    : byFolds(lessons, prior, cost, foldsOf(examples.length, folds, seed));
}

function byColdStart(lessons: Lessons, prior: Float32Array): Verdict[] {
  const margins = heldOutMargins(lessons, prior, 0, new Int32Array(lessons.weight.length), 1);
  return verdicts(margins, lessons.truth.codes, () => coldHead(lessons.truth.codes));
}

function byFolds(lessons: Lessons, prior: Float32Array, cost: number, fold: Int32Array): Verdict[] {
  const folds = Math.max(...fold) + 1;
  const cold = tryCold(lessons, prior);
  const trials = [0, cost].map((each) => tryOut(lessons, prior, each, fold, folds));
  const best = trials.reduce((a, b) => (b.figures.micro > a.figures.micro ? b : a));
  if (best.figures.micro <= cold.figures.micro) return byColdStart(lessons, prior);
  const heads = Array.from({ length: folds }, (_, each) => headOfOthers(best.margins, lessons.truth, fold, each));
  return verdicts(best.margins, lessons.truth.codes, (row) => heads[fold[row]!]!);
}

function headOfOthers(margins: Float64Array, { codes, labels, mains }: Truth, fold: Int32Array, left: number): Head {
  const isKept = (_: number, at: number) => fold[Math.floor(at / codes)] !== left;
  return fitHead(margins.filter(isKept), { codes, labels: labels.filter(isKept), mains: mains.filter(isKept) });
}

const verdicts = (margins: Float64Array, codes: number, headOf: (row: number) => Head): Verdict[] =>
  Array.from({ length: margins.length / codes }, (_, row) => judge(headOf(row), margins, row * codes));
