import type { Histories } from '../../src/reports/value/buying.ts';

/** Marsaglia and Tsang (2000). */
function gammaOf(shape: number, random: () => number): number {
  if (shape < 1) return gammaOf(shape + 1, random) * random() ** (1 / shape);
  const d = shape - 1 / 3;
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const v = (1 + normal / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - random()) < normal ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

interface Truth {
  r: number;
  alpha: number;
  a: number;
  b: number;
  p: number;
  q: number;
  gamma: number;
}

interface Simulated extends Histories {
  frequency: number[];
  recency: number[];
  age: number[];
  mean: number[];
}

/** Customers who buy, stop and spend as the models say, watched for between 30 and 1,000 days. */
export function simulateBuyers(count: number, truth: Truth, random: () => number): Simulated {
  const all: Simulated = { frequency: [], recency: [], age: [], mean: [] };
  for (let i = 0; i < count; i++) {
    const rate = gammaOf(truth.r, random) / truth.alpha;
    const [stop, stay] = [gammaOf(truth.a, random), gammaOf(truth.b, random)];
    const age = 30 + random() * 970;
    let [x, last, at] = [0, 0, 0];
    while ((at -= Math.log(1 - random()) / rate) <= age) {
      [x, last] = [x + 1, at];
      if (random() < stop / (stop + stay)) break;
    }
    const perUnit = gammaOf(truth.q, random) / truth.gamma;
    all.frequency.push(x);
    all.recency.push(last);
    all.age.push(age);
    all.mean.push(gammaOf(truth.p * (x + 1), random) / perUnit / (x + 1));
  }
  return all;
}
