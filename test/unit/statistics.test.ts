import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  adjustedNps,
  benjaminiHochberg,
  lnGamma,
  newcombeOf,
  normalCdf,
  normalQuantile,
  postStratify,
  twoSharesP,
  wilson,
} from '../../src/shared/statistics.ts';

const percent = (share: number) => Math.round(share * 1000) / 10;

test('81 of 263 is 30.8 % (25.5-36.6)', () => {
  const { share, low, high } = wilson(81, 263);
  expect([share, low, high].map(percent)).toEqual([30.8, 25.5, 36.6]);
});

test('0 of 20 is 0-16.1 %', () => {
  const { share, low, high } = wilson(0, 20);
  expect([share, low, high].map(percent)).toEqual([0, 0, 16.1]);
});

test('nothing asked, nothing known', () => {
  expect(wilson(0, 0)).toEqual({ share: 0, low: 0, high: 1 });
});

test('the interval holds the share, lies within 0 to 1, and mirrors', () => {
  const counts = fc
    .integer({ min: 1, max: 100_000 })
    .chain((n) => fc.tuple(fc.integer({ min: 0, max: n }), fc.constant(n)));
  fc.assert(
    fc.property(counts, ([k, n]) => {
      const { share, low, high } = wilson(k, n);
      expect(low).toBeGreaterThanOrEqual(0);
      expect(high).toBeLessThanOrEqual(1);
      expect(low).toBeLessThanOrEqual(share);
      expect(high).toBeGreaterThanOrEqual(share);
      expect(wilson(n - k, n).low).toBeCloseTo(1 - high, 12);
    }),
  );
});

const inPoints = ({ difference, low, high }: ReturnType<typeof newcombeOf>) => [difference, low, high].map(percent);

test('56 of 70 against 48 of 80 is +20 points (5.2-33.4)', () => {
  expect(inPoints(newcombeOf(wilson(56, 70), wilson(48, 80)))).toEqual([20, 5.2, 33.4]);
});

test('80 of 800 against 10 of 200 is +5.0 points (0.6-8.2)', () => {
  expect(inPoints(newcombeOf(wilson(80, 800), wilson(10, 200)))).toEqual([5, 0.6, 8.2]);
});

test('120 promoters and 60 detractors of 240 are an NPS of 25 (14-35)', () => {
  const { nps, low, high } = adjustedNps(120, 60, 240);
  expect([nps, low, high].map((figure) => Math.round(figure * 100))).toEqual([25, 14, 35]);
  expect(adjustedNps(0, 0, 0)).toEqual({ nps: 0, low: -1, high: 1 });
});

/** Two groups, each with how many of them. */
const groups = fc
  .tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 400 }))
  .chain(([n1, n2]) =>
    fc.tuple(fc.integer({ min: 0, max: n1 }), fc.constant(n1), fc.integer({ min: 0, max: n2 }), fc.constant(n2)),
  );

test('a difference holds itself, lies within -1 to 1, and turns with its groups', () => {
  fc.assert(
    fc.property(groups, ([k1, n1, k2, n2]) => {
      const { difference, low, high } = newcombeOf(wilson(k1, n1), wilson(k2, n2));
      expect(low).toBeLessThanOrEqual(difference);
      expect(high).toBeGreaterThanOrEqual(difference);
      expect(low).toBeGreaterThanOrEqual(-1 - 1e-12);
      expect(high).toBeLessThanOrEqual(1 + 1e-12);
      expect(newcombeOf(wilson(k2, n2), wilson(k1, n1)).low).toBeCloseTo(-high, 12);
    }),
  );
});

test('two shares: the tea that a lady tasted, the score test of larger groups, and nothing to compare', () => {
  // R. A. Fisher, 1935: 3 of 4 against 1 of 4.
  expect(twoSharesP(3, 4, 1, 4)).toBeCloseTo(34 / 70, 10);
  // Chi-square 7.0234 (1,120² · 150 / 26,790,400) with one degree of freedom.
  expect(twoSharesP(56, 70, 48, 80)).toBeCloseTo(0.008045, 6);
  expect(twoSharesP(3, 10, 0, 0)).toBe(1);
  expect(twoSharesP(0, 10, 0, 20)).toBe(1);
});

test('a chance of difference lies within 0 to 1 and does not ask which group is first', () => {
  fc.assert(
    fc.property(groups, ([k1, n1, k2, n2]) => {
      const p = twoSharesP(k1, n1, k2, n2);
      expect(p).toBeGreaterThanOrEqual(0);
      expect(p).toBeLessThanOrEqual(1);
      expect(twoSharesP(k2, n2, k1, n1)).toBeCloseTo(p, 8);
    }),
  );
});

test('of several tests the ones under the rising line are told from chance, in the order they were given', () => {
  // Y. Benjamini and Y. Hochberg, 1995, section 3.2: four of fifteen.
  const published = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1,
  ];
  expect(benjaminiHochberg(published).filter(Boolean)).toHaveLength(4);
  expect(benjaminiHochberg([0.5, 0.001, 0.04])).toEqual([false, true, false]);
  expect(benjaminiHochberg([0.04, 0.03])).toEqual([true, true]);
  expect(benjaminiHochberg([])).toEqual([]);
});

test('what is told from chance is never less likely than what is not, and one test alone is held to 5 %', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }), (ps) => {
      const told = benjaminiHochberg(ps);
      const worst = Math.max(-1, ...ps.filter((_, i) => told[i]));
      ps.forEach((p, i) => expect(told[i]).toBe(p <= worst));
      expect(benjaminiHochberg([ps[0] ?? 1])).toEqual([(ps[0] ?? 1) <= 0.05]);
    }),
  );
});

test('who answered less weighs more, within 0.3 to 3', () => {
  expect(
    postStratify([
      { population: 500, answered: 50 },
      { population: 500, answered: 150 },
    ]),
  ).toEqual([expect.closeTo(2, 10), expect.closeTo(2 / 3, 10)]);
  expect(
    postStratify([
      { population: 10, answered: 5 },
      { population: 100, answered: 0 },
    ]),
  ).toEqual([1, 1]);
  expect(
    postStratify([
      { population: 1000, answered: 1 },
      { population: 10, answered: 10 },
    ])[0],
  ).toBeCloseTo(3, 10);
});

test('weights lie within 0.3 to 3 and are 1 on average; where all answered alike they are 1 each', () => {
  const stratum = fc.record({ answered: fc.nat(500), population: fc.nat(5000) });
  fc.assert(
    fc.property(fc.array(stratum, { maxLength: 12 }), fc.integer({ min: 1, max: 20 }), (strata, times) => {
      const answers = (weights: number[]) => strata.flatMap((s, i) => Array<number>(s.answered).fill(weights[i] ?? 0));
      const weights = postStratify(strata);
      for (const weight of weights) expect(weight).toBeGreaterThanOrEqual(0.3);
      for (const weight of weights) expect(weight).toBeLessThanOrEqual(3);
      const each = answers(weights);
      if (each.length > 0) expect(each.reduce((sum, w) => sum + w, 0) / each.length).toBeCloseTo(1, 9);
      const alike = postStratify(strata.map(({ answered }) => ({ answered, population: answered * times })));
      for (const weight of alike) expect(weight).toBeCloseTo(1, 9);
    }),
    { numRuns: 50 },
  );
});

test('the normal distribution, there and back, and the gamma function', () => {
  expect(normalCdf(1.959963984540054)).toBeCloseTo(0.975, 14);
  expect(normalCdf(-6) / 9.865876450376981e-10).toBeCloseTo(1, 10);
  expect(normalCdf(0)).toBe(0.5);
  expect([normalQuantile(0), normalQuantile(1)]).toEqual([-Infinity, Infinity]);
  expect(lnGamma(5)).toBeCloseTo(Math.log(24), 12);
  expect(lnGamma(0.5)).toBeCloseTo(Math.log(Math.sqrt(Math.PI)), 12);
  expect(lnGamma(171) / 706.5730622457874).toBeCloseTo(1, 12);
  fc.assert(
    fc.property(fc.double({ min: -8, max: 5, noNaN: true }), (z) => {
      expect(normalQuantile(normalCdf(z))).toBeCloseTo(z, 8);
      expect(normalCdf(-z)).toBeCloseTo(1 - normalCdf(z), 14);
      if (z > -7) expect(lnGamma(z + 9)).toBeCloseTo(lnGamma(z + 8) + Math.log(z + 8), 9);
    }),
  );
});
