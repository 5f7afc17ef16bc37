import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seeded } from '../../src/coding/engine/random.ts';
import { fitBuying, type Buying } from '../../src/reports/value/buying.ts';
import { chanceAlive, expectedPurchases, type History } from '../../src/reports/value/forecast.ts';
import { digamma, lnHypergeometric, trigamma } from '../../src/reports/value/special.ts';
import { expectedSpend, fitSpending } from '../../src/reports/value/spending.ts';
import { simulateBuyers } from '../support/simulated-buyers.ts';

/** Purchases of 2,357 buyers of music, with published estimates: lent for trying, no part of the product. */
const PUBLIC = join(import.meta.dirname, '../../../shared/data/cdnow_summary.csv');
const whenLent = existsSync(PUBLIC) ? test : test.skip;

const PUBLISHED: Buying = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 };

const within = (found: number, told: number, share: number) =>
  expect([told, Math.abs(found / told - 1) <= share]).toEqual([told, true]);

whenLent('the published estimates are found in the published purchases (skipped where the file is not at hand)', () => {
  const rows = readFileSync(PUBLIC, 'utf8').trim().split('\n').slice(1);
  const table = rows.map((row) => row.split(',').map(Number) as [number, number, number, number, number]);
  const [frequency, recency, age] = [1, 2, 3].map((column) => table.map((row) => row[column]!));
  const found = fitBuying({ frequency: frequency!, recency: recency!, age: age! })!;
  for (const name of ['r', 'alpha', 'a', 'b'] as const) within(found[name], PUBLISHED[name], 0.005);
  expect(Math.abs(found.logLikelihood - -9582.4)).toBeLessThan(0.1);
  const again = table.filter(([, x]) => x > 0);
  const spending = fitSpending({ purchases: again.map(([, x]) => x), mean: again.map((row) => row[4]) })!;
  within(spending.p, 6.25, 0.005);
  within(spending.q, 3.74, 0.005);
  within(spending.gamma, 15.44, 0.005);
});

test('two more purchases in 38.86 weeks, the last after 30.43: 1.226 to expect in the next 39', () => {
  const history = { frequency: 2, recency: 30.43, age: 38.86 };
  expect(expectedPurchases(39, history, PUBLISHED)).toBeCloseTo(1.226, 3);
});

test('parameters that made the purchases are found again, each within three standard errors', () => {
  const truth = { r: 1.5, alpha: 40, a: 0.8, b: 7, p: 5, q: 4, gamma: 3000 };
  const made = simulateBuyers(4000, truth, seeded(20261122));
  const found = fitBuying(made)!;
  const spending = fitSpending({ purchases: made.frequency.map((x) => x + 1), mean: made.mean })!;
  const all = { ...found, ...spending };
  const errors = { ...found.standardErrors, ...spending.standardErrors };
  for (const name of ['r', 'alpha', 'a', 'b', 'p', 'q', 'gamma'] as const) {
    expect([name, Math.abs(all[name] - truth[name]) < 3 * errors[name]!]).toEqual([name, true]);
    expect([name, errors[name]! < truth[name] / 4]).toEqual([name, true]);
  }
});

test('where the purchases tell nothing there is no model, and no made-up one', () => {
  const same = (value: number) => new Array<number>(200).fill(value);
  expect(fitBuying({ frequency: same(0), recency: same(0), age: same(100) })).toBeUndefined();
  expect(fitBuying({ frequency: same(12), recency: same(360), age: same(365) })).toBeUndefined();
});

test('where customers are all alike in something, the model says so and still holds', () => {
  const made = simulateBuyers(1500, { r: 3, alpha: 30, a: 3000, b: 60_000, p: 5, q: 4, gamma: 3000 }, seeded(3));
  const found = fitBuying(made)!;
  expect(found.standardErrors.b).toBeNull();
  within(found.a / (found.a + found.b), 1 / 21, 0.1);
  const same = { purchases: made.frequency.map((x) => x + 1), mean: made.mean.map(() => 25) };
  const spending = fitSpending(same)!;
  expect(spending.standardErrors.p).toBeNull();
  within(expectedSpend(1, 25, spending)!, 25, 0.01);
});

const parameters = fc.record({
  r: fc.double({ min: 0.1, max: 12, noNaN: true }),
  alpha: fc.double({ min: 0.5, max: 60, noNaN: true }),
  a: fc.double({ min: 0.1, max: 4, noNaN: true }),
  b: fc.double({ min: 0.2, max: 20, noNaN: true }),
});
const histories = fc
  .record({
    frequency: fc.integer({ min: 0, max: 80 }),
    age: fc.double({ min: 0.5, max: 150, noNaN: true }),
    part: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  .map(({ frequency, age, part }): History => ({ frequency, age, recency: frequency === 0 ? 0 : age * part }));

test('the chance of being alive lies within 0 to 1 and grows with how recently they bought', () => {
  fc.assert(
    fc.property(parameters, histories, fc.double({ min: 0, max: 1, noNaN: true }), (buying, history, part) => {
      const chance = chanceAlive(history, buying);
      expect(chance).toBeGreaterThanOrEqual(0);
      expect(chance).toBeLessThanOrEqual(1);
      const earlier = { ...history, recency: history.recency * part };
      expect(chanceAlive(earlier, buying)).toBeLessThanOrEqual(chance);
    }),
  );
});

/** Equation 10 of Fader, Hardie and Lee (2005), as printed; it has no value at a = 1. */
function asPrinted(t: number, { frequency: x, recency, age }: History, { r, alpha, a, b }: Buying): number {
  const far = alpha + age + t;
  const series = lnHypergeometric(r + x, b + x, a + b + x - 1, t / far) + (r + x) * Math.log((alpha + age) / far);
  return (
    ((a + b + x - 1) / (a - 1)) *
    (1 - Math.exp(series)) *
    chanceAlive({ frequency: x, recency, age }, { r, alpha, a, b })
  );
}

test('expected purchases agree with the printed equation, grow with time, and shrink by discount', () => {
  fc.assert(
    fc.property(parameters, histories, (buying, history) => {
      const year = expectedPurchases(52, history, buying);
      expect(expectedPurchases(26, history, buying)).toBeLessThanOrEqual(year * (1 + 1e-9));
      expect(expectedPurchases(52, history, buying, 0.002)).toBeLessThanOrEqual(year * (1 + 1e-9));
      if (Math.abs(buying.a - 1) < 0.05 || buying.a + buying.b + history.frequency < 1.05) return;
      expect(Math.abs(year - asPrinted(52, history, buying))).toBeLessThan(1e-6 * (1 + year));
    }),
    { numRuns: 200 },
  );
});

test('what a purchase comes to lies between their own mean and everybody’s, the nearer to their own the more they bought', () => {
  const spending = { p: 6.25, q: 3.74, gamma: 15.44 };
  const everybody = (spending.p * spending.gamma) / (spending.q - 1);
  const amounts = fc.double({ min: 1, max: 500, noNaN: true });
  fc.assert(
    fc.property(amounts, fc.integer({ min: 1, max: 50 }), (mean, purchases) => {
      const once = expectedSpend(purchases, mean, spending)!;
      const often = expectedSpend(purchases + 1, mean, spending)!;
      expect(Math.abs(once - mean)).toBeLessThanOrEqual(Math.abs(everybody - mean) + 1e-9);
      expect(Math.abs(often - mean)).toBeLessThanOrEqual(Math.abs(once - mean) + 1e-9);
    }),
  );
  expect(expectedSpend(0, 0, { ...spending, q: 0.9 })).toBeUndefined();
});

test('special functions at known points', () => {
  expect(digamma(1)).toBeCloseTo(-0.5772156649015329, 12);
  expect(trigamma(1)).toBeCloseTo(Math.PI ** 2 / 6, 12);
  expect(trigamma(0.5)).toBeCloseTo(Math.PI ** 2 / 2, 12);
  // -ln(1 - z) / z, and (1 - z)^-a at a power beyond what a number holds.
  expect(Math.exp(lnHypergeometric(1, 1, 2, 0.9))).toBeCloseTo(Math.log(10) / 0.9, 12);
  expect(lnHypergeometric(900, 3, 3, 0.9)).toBeCloseTo(900 * Math.log(10), 6);
});
