import { isOffered, type Codebook } from '../codebook.ts';
import type { Suggestion } from '../desk.ts';
import type { Comparison } from './engine-thread.ts';
import type { EngineModel } from './model-store.ts';
import type { Opinion } from './opinion-store.ts';

const FEWEST_NEW = 20;
const SHARE_NEW = 0.1;

/** So many answers coded since the last model was tried make another try worth its time: 20, later a tenth more. */
export const newNeeded = (answers: number): number => Math.max(FEWEST_NEW, Math.ceil(answers * SHARE_NEW));

/** A successor is taken only where it does better on answers that neither had seen. */
export const isBetter = ({ before, after }: Comparison): boolean => after > before;

/** Whether the model speaks of the codes that there are now. */
export const isOutdated = (model: EngineModel, book: Codebook): boolean => model.revision !== book.revision;

const LEAST = 0.15;
const MOST = 5;

/** What the desk shows: the likeliest first, five at most, none below 15 %. */
export function suggestionsOf(opinion: Opinion | undefined, book: Codebook): Suggestion[] {
  if (!opinion) return [];
  return Object.entries(opinion.chances)
    .filter(([id, chance]) => chance >= LEAST && offeredIn(book, id))
    .map(([codeId, probability]) => ({ codeId, probability, why: opinion.why[codeId] ?? '' }))
    .sort((a, b) => b.probability - a.probability)
    .slice(0, MOST);
}

function offeredIn(book: Codebook, id: string): boolean {
  const code = book.byId.get(id);
  return code !== undefined && isOffered(code);
}
