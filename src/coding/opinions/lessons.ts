import {
  compare,
  countRow,
  f1,
  plus,
  trainCrossFitted,
  truthOf,
  writeModel,
  type Comparison,
  type Counts,
  type EntryGroup,
  type Example,
  type Pair,
  type Predictor,
  type Verdict,
} from '../engine/index.ts';
import type { Codebook } from '../codebook.ts';
import { groupsFor, taught, writtenFor, type Group } from './fields.ts';
import type { Fitted, SavedField } from './kept-bytes.ts';
import type { Knowledge } from './knowledge-files.ts';
import type { Field } from './material.ts';

/** A field with the codes to tell apart, and with whatever is known of them besides the coded answers. */
interface Lesson extends Field {
  codes: string[];
  groups: EntryGroup[];
  /** Written along with the codebook: nobody's answers. */
  written: Example[];
}

interface Learnt {
  lesson: Lesson;
  saved: SavedField;
  /** On the answers that people coded. */
  verdicts: Verdict[];
}

const FEWEST_CODES = 2;
const FEWEST_CODED = 10;

export function lessonOf(field: Field, book: Codebook, knowledge: Knowledge, keywords: EntryGroup[]): Lesson {
  const codes = taught(book, field.group);
  return {
    ...field,
    codes: codes.map(({ id }) => id),
    groups: groupsFor(book, codes, knowledge, keywords),
    // They answer the question why somebody left, not one of a group.
    written: field.group === null ? writtenFor(book, codes, knowledge) : [],
  };
}

export function learnFrom(lesson: Lesson): Learnt {
  const { group, codes, groups, written, coded, pool } = lesson;
  if (codes.length < FEWEST_CODES) {
    const fitted = { places: [], chances: new Float32Array(0), mains: new Float32Array(0) };
    return { lesson: { ...lesson, coded: [] }, saved: { group, model: null, fitted }, verdicts: [] };
  }
  const trained = trainCrossFitted({ codes, groups, examples: [...written, ...coded], pool });
  const verdicts = trained.verdicts().slice(written.length);
  return { lesson, saved: { group, model: writeModel(trained.model), fitted: fittedTo(lesson, verdicts) }, verdicts };
}

function fittedTo({ codes, coded }: Lesson, verdicts: Verdict[]): Fitted {
  const values = () => new Float32Array(coded.length * codes.length);
  const fitted = { places: coded.map(({ place }) => place), chances: values(), mains: values() };
  verdicts.forEach(({ chances, mains }, row) => {
    fitted.chances.set(chances, row * codes.length);
    fitted.mains.set(mains, row * codes.length);
  });
  return fitted;
}

/** By cross-validation on all that people coded; null where that is too little to say. */
export function microOf(learnt: Learnt[]): number | null {
  const all = learnt.flatMap(({ lesson, verdicts }) => countsOf(lesson, verdicts));
  return all.length < FEWEST_CODED ? null : f1(all.reduce(plus));
}

/** How the model of then and the one of now do on the answers coded in between. Neither has seen the one it is asked about. */
export function against(
  predictorOf: (group: Group) => Predictor | undefined,
  since: string,
  learnt: Learnt[],
): Comparison {
  return compare(
    learnt.flatMap(({ lesson, verdicts }): Pair[] => {
      const predictor = predictorOf(lesson.group);
      const nothing = new Uint8Array(lesson.codes.length);
      const before = lesson.coded.map((each) => ({ decided: predictor?.tell(each).decided ?? nothing }));
      const [then, now] = [countsOf(lesson, before), countsOf(lesson, verdicts)];
      return lesson.coded.flatMap(({ at }, row) => (at > since ? [{ before: then[row]!, after: now[row]! }] : []));
    }),
  );
}

function countsOf({ codes, coded }: Lesson, verdicts: Pick<Verdict, 'decided'>[]): Counts[] {
  const { labels } = truthOf(codes, coded);
  return verdicts.map(({ decided }, row) => countRow(labels, decided, row));
}
