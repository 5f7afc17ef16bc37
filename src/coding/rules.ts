import { createHash } from 'node:crypto';
import { OTHER, statedReasons, type AnswerValue, type Definition } from '../questionnaires/index.ts';
import { ultimate, type Codebook } from './codebook.ts';

export type CoderKind = 'respondent' | 'colleague' | 'engine';

/** A code on an answer, with who gave it and when. */
export interface Coding {
  id: string;
  responseId: string;
  questionKey: string;
  codeId: string;
  coderKind: CoderKind;
  accountId: string | null;
  isMain: boolean;
  /** Of the engine's alone. */
  probability: number | null;
  setId: string | null;
  createdAt: string;
}

export type NewCoding = Omit<Coding, 'id'>;

/** What a change does to the codings of a response: rows are never altered, only withdrawn and followed by others. */
export interface CodingChange {
  withdraw: string[];
  insert: NewCoding[];
}

/** One answer's codes, as somebody wants them. */
interface Wish {
  responseId: string;
  questionKey: string;
  codeIds: string[];
  mainId: string | null;
}

interface Act {
  accountId: string | null;
  setId: string;
  at: string;
}

/**
 * Replaces what colleagues gave to one answer. A response has one main reason: a new one takes it from another answer
 * of the response, whose codes otherwise stay as they are.
 * @param current the colleagues' codings of the response that stand now
 */
export function changeFor(current: Coding[], wish: Wish, act: Act): CodingChange {
  const here = current.filter((each) => each.questionKey === wish.questionKey);
  const displaced = current.filter((each) => !here.includes(each) && each.isMain && wish.mainId !== null);
  const given = wish.codeIds.map((codeId): NewCoding => ({
    responseId: wish.responseId,
    questionKey: wish.questionKey,
    codeId,
    coderKind: 'colleague',
    accountId: act.accountId,
    isMain: codeId === wish.mainId,
    probability: null,
    setId: act.setId,
    createdAt: act.at,
  }));
  return {
    withdraw: [...here, ...displaced].map((each) => each.id),
    insert: [...given, ...displaced.map((each) => copyOf(each, { isMain: false }))],
  };
}

/**
 * Puts an answer back as it was before a set: what was given in it goes, what it took the place of returns. A main reason
 * that it took from another answer returns there, unless that answer has been coded anew since.
 * @param current the colleagues' codings of the response that stand now
 * @param replaced those that the set withdrew
 */
export function undoOf(
  current: Coding[],
  replaced: Coding[],
  { setId, questionKey }: { setId: string; questionKey: string },
  book: Codebook,
): CodingChange {
  const standing = new Set(current.map(placeOf));
  const asNow = (each: Coding) => copyOf(each, { codeId: ultimate(book, each.codeId)?.id ?? each.codeId });
  const back = withoutTwins(replaced.map(asNow)).filter(
    (each) => each.questionKey === questionKey || standing.has(placeOf(each)),
  );
  const places = new Set(back.map(placeOf));
  const ofSet = (each: Coding) => each.setId === setId && each.questionKey === questionKey;
  const gone = current.filter((each) => ofSet(each) || places.has(placeOf(each)));
  const mainStays = current.some((each) => each.isMain && !gone.includes(each));
  return {
    withdraw: gone.map((each) => each.id),
    insert: mainStays ? back.map((each) => ({ ...each, isMain: false })) : back,
  };
}

/**
 * Carries codings from one code over to another. Where an answer has both from the same kind of coder, one is left, and
 * it is the main reason if either was.
 * @param from codings of the code that goes
 * @param onTarget codings of the code that stays, on the same responses
 */
export function carryOver(from: Coding[], onTarget: Coding[], targetId: string): CodingChange {
  const twins = new Map(onTarget.map((each) => [`${placeOf(each)} ${each.coderKind}`, each]));
  const change: CodingChange = { withdraw: [], insert: [] };
  for (const each of from) {
    const copy = copyOf(each, { codeId: targetId });
    const twin = twins.get(`${placeOf(copy)} ${copy.coderKind}`);
    change.withdraw.push(each.id);
    if (!twin) change.insert.push(copy);
    else if (each.isMain) {
      change.withdraw.push(twin.id);
      change.insert.push(copyOf(twin, { isMain: true }));
    }
  }
  return change;
}

const placeOf = ({ questionKey, codeId, responseId }: NewCoding): string => `${responseId} ${questionKey} ${codeId}`;

const copyOf = (coding: NewCoding, changes: Partial<NewCoding>): NewCoding => ({ ...coding, ...changes });

function withoutTwins(codings: NewCoding[]): NewCoding[] {
  const kept = new Map<string, NewCoding>();
  for (const each of codings) {
    const twin = kept.get(placeOf(each));
    kept.set(placeOf(each), twin ? { ...twin, isMain: twin.isMain || each.isMain } : each);
  }
  return [...kept.values()];
}

/** What a respondent said of their own reasons, as codes. */
export interface Stated {
  questionKey: string;
  codeId: string;
  isMain: boolean;
}

/**
 * The reasons that a respondent ticked, as codes of the programme's codebook. An option that no code answers to counts
 * as "other". One main reason for the whole response: the first that they named.
 */
export function statedCodes(
  definition: Definition,
  answers: ReadonlyMap<string, AnswerValue>,
  book: Codebook,
): Stated[] {
  const other = book.byKey.get(OTHER) ?? book.codes.find((code) => code.kind === 'other');
  const codeFor = (key: string) => {
    const code = book.byKey.get(key) ?? other;
    return code && ultimate(book, code.id);
  };
  const found = new Map<string, Stated>();
  for (const question of definition.questions) {
    const stated = question.kind === 'reasons' ? statedReasons(question, answers) : null;
    for (const key of stated?.ticked ?? []) {
      const code = codeFor(key);
      if (!code) continue;
      const place = `${question.key} ${code.id}`;
      const isMain = key === stated?.main && ![...found.values()].some((each) => each.isMain);
      const earlier = found.get(place);
      found.set(place, { questionKey: question.key, codeId: code.id, isMain: isMain || (earlier?.isMain ?? false) });
    }
  }
  return [...found.values()];
}

export interface MainReason {
  codeId: string | null;
  source: CoderKind | null;
  statedCodeId: string | null;
}

/**
 * Colleague before engine before stated. What a colleague left open stays open; the respondent's own tick counts only where
 * there are no words to code.
 * @param codings all that stand on the response
 * @param told the code of which the engine is as good as sure
 */
export function mainReasonOf(
  codings: Pick<Coding, 'coderKind' | 'codeId' | 'isMain'>[],
  hasWords: boolean,
  told: string | null,
): MainReason {
  const by = (kind: CoderKind) => codings.find((each) => each.coderKind === kind && each.isMain)?.codeId ?? null;
  const [colleague, statedCodeId] = [by('colleague'), by('respondent')];
  if (colleague !== null) return { codeId: colleague, source: 'colleague', statedCodeId };
  if (!hasWords) return { codeId: statedCodeId, source: statedCodeId === null ? null : 'respondent', statedCodeId };
  const isCoded = codings.some((each) => each.coderKind === 'colleague');
  const engine = isCoded ? null : told;
  return { codeId: engine, source: engine === null ? null : 'engine', statedCodeId };
}

const BYTES = 6;

/**
 * Permanent random number of an answer, uniform in [0, 1): drawn by hashing the ids, whose 62 random bits nobody
 * chooses, so that it is the same whenever it is asked for (Ohlsson 1995, permanent random numbers).
 */
export function randomNumberOf(responseId: string, questionKey: string): number {
  const hash = createHash('sha256').update(`${responseId} ${questionKey}`).digest();
  return hash.readUIntBE(0, BYTES) / 2 ** (8 * BYTES);
}
