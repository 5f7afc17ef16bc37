import { isAhead, type Comparison } from '../engine/index.ts';
import { isOffered, type Codebook } from '../codebook.ts';
import type { Suggestion } from '../desk.ts';
import { asTaughtIn, taught, type Group } from './fields.ts';
import type { EngineModel } from './model-store.ts';
import type { Opinion } from './opinion-store.ts';

const FEWEST_NEW = 20;
const SHARE_NEW = 0.1;

/** So many answers coded since the last model was tried make another try worth its time: 20, later a tenth more. */
export const newNeeded = (answers: number): number => Math.max(FEWEST_NEW, Math.ceil(answers * SHARE_NEW));

/** Whether the model speaks of the codes that there are now. */
export const isOutdated = (model: EngineModel, book: Codebook): boolean => model.revision !== book.revision;

/** Chance alone exceeds so many standard errors once in twenty times. */
const SURE = 1.645;

/**
 * A successor is taken only where it does better on answers that neither had seen, by more than chance would give one time
 * in twenty. Without that margin every second model that is no better would be taken at few labels, and a page of models
 * would tell of progress that is none; one that is declined is tried again with more answers, so that little is lost.
 */
export const isBetter = (compared: Comparison): boolean => isAhead(compared, SURE);

const LEAST = 0.15;
const MOST = 5;

/**
 * What the desk shows: the likeliest first, five at most, none below 15 %, of a group's question its own codes alone. Where
 * the words make clear which code of the second level it is, that one stands in place of the one above it.
 */
export function suggestionsOf(opinion: Opinion | undefined, book: Codebook, group: Group): Suggestion[] {
  if (!opinion) return [];
  const asTaught = asTaughtIn(book, taught(book, group));
  const likely = Object.entries(opinion.chances).flatMap(([id, probability]) => {
    const code = book.byId.get(id);
    return code && isOffered(code) && asTaught(code) && probability >= LEAST ? [{ code, probability }] : [];
  });
  const finer = new Set(likely.map(({ code }) => code.parentId));
  return likely
    .filter(({ code }) => !finer.has(code.id))
    .map(({ code: { id }, probability }) => ({ codeId: id, probability, why: opinion.why[id] ?? '' }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST);
}
