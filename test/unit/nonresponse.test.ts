import { expect, test } from '@jest/globals';
import { adjustedNps, newcombeOf, postStratify, wilson } from '../../src/shared/statistics.ts';
import { randomOf } from '../support/random.ts';

const RUNS = 4_000;

/** Draws of so many with that chance each. */
const drawn = (random: () => number, n: number, chance: number): number => {
  let hits = 0;
  for (let i = 0; i < n; i++) if (random() < chance) hits++;
  return hits;
};

/** Tenure by value: how many were asked, how many of them answer, and how many of these left because of the price. */
const STRATA = [
  { population: 400, answers: 0.12, price: 0.36 },
  { population: 300, answers: 0.2, price: 0.33 },
  { population: 250, answers: 0.3, price: 0.26 },
  { population: 200, answers: 0.4, price: 0.2 },
  { population: 150, answers: 0.5, price: 0.17 },
];
const ASKED = STRATA.reduce((sum, { population }) => sum + population, 0);
const TRUE = STRATA.reduce((sum, { population, price }) => sum + population * price, 0) / ASKED;

interface Answered {
  population: number;
  answered: number;
  hits: number;
}

function answers(random: () => number): Answered[] {
  return STRATA.map(({ population, answers: chance, price }) => {
    const answered = drawn(random, population, chance);
    return { population, answered, hits: drawn(random, answered, price) };
  });
}

function weighted(strata: Answered[]) {
  const weights = postStratify(strata);
  const each = strata.flatMap(({ answered }, i) => Array<number>(answered).fill(weights[i] ?? 1));
  const all = each.reduce((sum, weight) => sum + weight, 0);
  const hits = strata.reduce((sum, stratum, i) => sum + stratum.hits * (weights[i] ?? 1), 0);
  // As many answers of equal weight would say as much (L. Kish, 1965).
  const n = all ** 2 / each.reduce((sum, weight) => sum + weight ** 2, 0);
  return wilson((hits / all) * n, n);
}

const covers = ({ low, high }: { low: number; high: number }, truth: number) => low <= truth && truth <= high;
const share = (of: boolean[]) => of.filter(Boolean).length / of.length;

test('where those who leave over the price answer less, the weighted share tells the truth and the plain one does not', () => {
  const random = randomOf(20_261_122);
  const runs = Array.from({ length: RUNS }, () => answers(random));
  const plain = runs.map((strata) => {
    const [hits, n] = [strata.reduce((sum, s) => sum + s.hits, 0), strata.reduce((sum, s) => sum + s.answered, 0)];
    return wilson(hits, n);
  });
  const corrected = runs.map(weighted);
  const mean = (of: { share: number }[]) => of.reduce((sum, each) => sum + each.share, 0) / of.length;
  expect(Math.abs(mean(corrected) - TRUE)).toBeLessThan(0.003);
  expect(TRUE - mean(plain)).toBeGreaterThan(0.03);
  const covered = share(corrected.map((each) => covers(each, TRUE)));
  expect(covered).toBeGreaterThanOrEqual(0.93);
  expect(covered).toBeLessThanOrEqual(0.97);
  expect(share(plain.map((each) => covers(each, TRUE)))).toBeLessThan(0.85);
});

test('intervals of a difference and of a net promoter score cover what they say', () => {
  const random = randomOf(20_261_123);
  const differences = Array.from({ length: RUNS }, () =>
    covers(newcombeOf(wilson(drawn(random, 120, 0.3), 120), wilson(drawn(random, 90, 0.2), 90)), 0.1),
  );
  const scores = Array.from({ length: RUNS }, () => {
    const promoters = drawn(random, 240, 0.5);
    // Of those who are no promoters half are detractors: 25 % of all.
    return covers(adjustedNps(promoters, drawn(random, 240 - promoters, 0.5), 240), 0.25);
  });
  for (const covered of [share(differences), share(scores)]) {
    expect(covered).toBeGreaterThanOrEqual(0.93);
    expect(covered).toBeLessThanOrEqual(0.97);
  }
});
