export { compare, isAhead, type Comparison, type Pair } from './comparing.ts';
export type { Answer, Example } from './answers.ts';
export { countRow, f1, figuresOf, kappaOf, plus, type Counts, type Figures } from './figures.ts';
export { likeliest } from './deciding.ts';
export type { Verdict } from './head.ts';
export { groupsOfLexicon, groupsOfOwn, type LexiconFile, type OwnCode } from './knowledge.ts';
export { createLanguageCheck, type Guess, type LanguageCheck } from './language.ts';
export { compileLexicon, type Entry, type EntryGroup, type Lexicon, type Match } from './lexicon.ts';
export { createPredictor, type Explanation, type Judged, type Predictor, type Span, type Told } from './predict.ts';
export { seeded, shuffled } from './random.ts';
export { readModel, writeModel } from './saving.ts';
export {
  train,
  trainCrossFitted,
  truthOf,
  type Material,
  type Model,
  type Trained,
  type TrainOptions,
} from './train.ts';
export { singles } from './validation.ts';
export { wordsOf, type Words } from './words.ts';
export { worthOfAsking } from './worth.ts';
