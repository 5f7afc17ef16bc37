import { seeded } from './random.ts';
import { rowCount, type Rows } from './rows.ts';

/** Which cluster each row belongs to, and how near it is to the cluster's centre (cosine). */
export interface Clusters {
  of: Int32Array;
  nearness: Float32Array;
  count: number;
}

const MOST_ROUNDS = 15;
/** Few rows settle anywhere, and quickly: they start more often. */
const [FEWEST_STARTS, MOST_STARTS, ROWS_STARTED] = [2, 10, 2000];
/** Settled when fewer than one of so many rows moves. */
const SETTLED = 200;

/**
 * Spherical k-means (Dhillon and Modha 2001): rows of length 1 are put with the centre of the highest cosine, centres are the
 * directions of their rows' sums, again and again. Starts far apart (Arthur and Vassilvitskii 2007), and more than once; the
 * best one counts. The same rows always give the same clusters.
 */
export function sphericalMeans(rows: Rows, count: number, seed = 1): Clusters {
  const random = seeded(seed);
  const starts = Math.max(FEWEST_STARTS, Math.min(MOST_STARTS, Math.round(ROWS_STARTED / rowCount(rows))));
  const tried = Array.from({ length: starts }, () => settle(rows, spreadOut(rows, count, random), count));
  return tried.reduce((best, each) => (sum(each.nearness) > sum(best.nearness) ? each : best));
}

/** The first centre is any row, each further one more likely the further it is from those before. */
function spreadOut(rows: Rows, count: number, random: () => number): Float32Array {
  const centres = new Float32Array(count * rows.width);
  const distance = new Float32Array(rowCount(rows)).fill(1);
  for (let cluster = 0; cluster < count; cluster++) {
    addRow(rows, drawn(distance, random()), centres, cluster, count);
    for (let row = 0; row < distance.length; row++) {
      distance[row] = Math.max(0, Math.min(distance[row]!, 1 - cosine(rows, row, centres, cluster, count)));
    }
  }
  return centres;
}

function drawn(weights: Float32Array, point: number): number {
  let left = point * sum(weights);
  for (let row = 0; row < weights.length; row++) if ((left -= weights[row]!) < 0) return row;
  return weights.length - 1;
}

function settle(rows: Rows, centres: Float32Array, count: number): Clusters {
  const clusters = { of: new Int32Array(rowCount(rows)).fill(-1), nearness: new Float32Array(rowCount(rows)), count };
  for (let round = 1; assign(rows, centres, clusters) > rowCount(rows) / SETTLED && round < MOST_ROUNDS; round++) {
    recentre(rows, centres, clusters);
  }
  return clusters;
}

/** Centres lie side by side for each feature, so that a row meets all of them in one go. Returns how many rows moved. */
function assign({ start, index, value }: Rows, centres: Float32Array, { of, nearness, count }: Clusters): number {
  const near = new Float32Array(count);
  let moved = 0;
  for (let row = 0; row < of.length; row++) {
    near.fill(0);
    for (let at = start[row]!; at < start[row + 1]!; at++) {
      const [from, weight] = [index[at]! * count, value[at]!];
      for (let cluster = 0; cluster < count; cluster++) near[cluster]! += weight * centres[from + cluster]!;
    }
    let best = 0;
    for (let cluster = 1; cluster < count; cluster++) if (near[cluster]! > near[best]!) best = cluster;
    if (of[row] !== best) moved++;
    of[row] = best;
    nearness[row] = near[best]!;
  }
  return moved;
}

function recentre(rows: Rows, centres: Float32Array, { of, count }: Clusters): void {
  centres.fill(0);
  for (let row = 0; row < of.length; row++) addRow(rows, row, centres, of[row]!, count);
  const squares = new Float64Array(count);
  for (let at = 0; at < centres.length; at++) squares[at % count]! += centres[at]! * centres[at]!;
  const factor = squares.map((each) => (each > 0 ? 1 / Math.sqrt(each) : 0));
  for (let at = 0; at < centres.length; at++) centres[at]! *= factor[at % count]!;
}

function addRow(
  { start, index, value }: Rows,
  row: number,
  centres: Float32Array,
  cluster: number,
  count: number,
): void {
  for (let at = start[row]!; at < start[row + 1]!; at++) centres[index[at]! * count + cluster]! += value[at]!;
}

function cosine(
  { start, index, value }: Rows,
  row: number,
  centres: Float32Array,
  cluster: number,
  count: number,
): number {
  let product = 0;
  for (let at = start[row]!; at < start[row + 1]!; at++) product += value[at]! * centres[index[at]! * count + cluster]!;
  return product;
}

function sum(values: Float32Array): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i]!;
  return total;
}
