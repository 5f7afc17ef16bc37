import { POINT } from './concepts.ts';
import { lanesOf, trainLogistic } from './logistic.ts';
import type { Match } from './lexicon.ts';
import type { Rows } from './rows.ts';
import type { Space } from './space.ts';

/** How much one point of lexicon score adds to a margin, whatever the n-grams say. */
const PULL = 0.5;
const COST = 1;
/** Log-odds of a code of which nothing whatever is known. */
const UNHEARD = -2;

/**
 * A model without any label: whatever the lexicon finds is taken for a soft label, and the n-grams of the answers around it
 * learn from that which other words go with a code (bootstrapping from keywords, McCallum and Nigam 1999; labelled
 * features, Druck, Mann and McCallum 2008). Returns weights for all features, features x lanes.
 * @param withHints whether the single words of phrases are believed, too
 */
export function coldWeights(space: Space, rows: Rows, matches: Match[][], withHints = true): Float32Array {
  const grams = withoutConcepts(rows, space);
  const codes = space.concepts.codes.length;
  const wanted = new Float32Array(matches.length * codes);
  const cost = new Float32Array(matches.length * codes);
  const spoken = matches.map((each, row) => {
    const scores = space.concepts.scores(each, withHints).subarray(0, codes);
    return softLabels(scores, wanted, cost, row * codes);
  });
  const which = Int32Array.from(spoken.flatMap((found, row) => (found ? [row] : [])));
  const weights = trainLogistic(grams, { codes, wanted, cost }, { which, prior: unheard(space) });
  const pull = PULL / POINT;
  for (let code = 0; code < codes; code++) weights[(space.vocabulary.size + code) * lanesOf(codes) + code]! += pull;
  return weights;
}

function unheard({ width, concepts }: Space): Float32Array {
  const lanes = lanesOf(concepts.codes.length);
  return new Float32Array(width * lanes).fill(UNHEARD, (width - 1) * lanes);
}

/** The features that the soft labels were made from would explain them alone. */
function withoutConcepts(rows: Rows, { vocabulary, width }: Space): Rows {
  const value = rows.value.map((each, i) =>
    rows.index[i]! < vocabulary.size || rows.index[i] === width - 1 ? each : 0,
  );
  return { ...rows, value };
}

/** A code's share of everything found in the answer, believed the more the stronger the strongest of them is. */
function softLabels(scores: Float64Array, wanted: Float32Array, cost: Float32Array, at: number): boolean {
  const codes = scores.length;
  const total = scores.reduce((sum, score) => sum + score ** 2, 0);
  if (total === 0) return false;
  const belief = Math.min(1, Math.max(...scores));
  for (let code = 0; code < codes; code++) {
    wanted[at + code] = (belief * scores[code]! ** 2) / total;
    cost[at + code] = COST * belief;
  }
  return true;
}
