import type { Truth } from './head.ts';
import { lanesOf } from './logistic.ts';
import { rowCount, type Rows } from './rows.ts';

/** Every feature is given that much a chance before the labels speak for it. */
const FLOOR = 0.8;
/** Answers imagined with and without a feature. */
const IMAGINED = 1;

/**
 * How far a feature may move for a code, features x lanes: by how much more often it stands in the answers that carry the
 * code than in the others (the log-count ratio that Wang and Manning 2012 scale features with, "Baselines and bigrams", here
 * as the variance of a weight's prior). The last feature, which is always there, keeps 1. Labels of rows left out say nothing.
 * @param which the rows to learn from; all if nothing is said
 */
export function trustIn(rows: Rows, truth: Truth, which?: Int32Array): Float32Array {
  const { codes } = truth;
  const lanes = lanesOf(codes);
  const seen = countFeatures(rows, truth, which ?? Int32Array.from({ length: rowCount(rows) }, (_, row) => row));
  const trust = new Float32Array(rows.width * lanes).fill(1);
  for (let code = 0; code < codes; code++) {
    const carry = seen.carriers[code]!;
    const part = IMAGINED * (carry / Math.max(1, seen.answers));
    const inside = carry + 2 * part;
    const outside = seen.answers - carry + 2 * (IMAGINED - part);
    for (let feature = 0; feature < rows.width - 1; feature++) {
      // What none of these rows has is never moved.
      if (seen.all[feature] === 0) continue;
      const at = feature * lanes + code;
      const among = (seen.among[at]! + part) / inside;
      const others = (seen.all[feature]! - seen.among[at]! + IMAGINED - part) / outside;
      const ratio = Math.abs(Math.log(among / others));
      trust[at] = (FLOOR + (Number.isFinite(ratio) ? ratio : 0)) ** 2;
    }
  }
  return trust;
}

/** In how many answers each feature stands, of all and of those that carry a code. */
function countFeatures({ start, index, width }: Rows, { codes, labels }: Truth, which: Int32Array) {
  const lanes = lanesOf(codes);
  const among = new Float32Array(width * lanes);
  const all = new Float32Array(width);
  const carriers = new Float64Array(codes);
  for (const row of which) {
    const mine = codesOf(labels, row, codes);
    for (const code of mine) carriers[code]!++;
    for (let i = start[row]!; i < start[row + 1]!; i++) {
      const feature = index[i]!;
      all[feature]!++;
      for (let k = 0; k < mine.length; k++) among[feature * lanes + mine[k]!]!++;
    }
  }
  return { among, all, carriers, answers: which.length };
}

function codesOf(labels: Uint8Array, row: number, codes: number): number[] {
  const found: number[] = [];
  for (let code = 0; code < codes; code++) if (labels[row * codes + code] === 1) found.push(code);
  return found;
}
