import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { estimateShares, everyoneOf, type Audited, type EstimatedShare } from '../../src/coding/engine/shares.ts';
import { moneyShares } from '../../src/coding/engine/shares-money.ts';
import { seeded, shuffled } from '../../src/coding/engine/random.ts';
import { wilson } from '../../src/shared/statistics.ts';
import { asAudited, madeUpPeople, shareOf, type Person } from '../support/audited-population.ts';

const SHARES = [0.4, 0.25, 0.2, 0.1, 0.05];
const codes = SHARES.length;
const predictionsOf = (people: Person[]) => people.map(({ predictions }) => predictions);
const amountsOf = (people: Person[]) => people.map(({ amount }) => amount);
const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
const holds = ({ low, high }: EstimatedShare, truth: number) => low! <= truth && truth <= high!;
const one = (label: number, prediction: number, inclusion = 0.5): Audited => ({
  labels: [label],
  predictions: [prediction],
  inclusion,
});

function drawnFrom(people: Person[], n: number, random: () => number): Person[] {
  return [...shuffled(people.length, random).subarray(0, n)].map((i) => people[i]!);
}

describe('by hand', () => {
  test('four audited of eight: labels, predictions, lambda and variance as on paper', () => {
    const audited = [one(1, 0.9), one(0, 0.1), one(1, 0.6), one(0, 0.4)];
    const everyone = everyoneOf([[0.9], [0.1], [0.6], [0.4], [0.8], [0.7], [0.2], [0.3]], 1);
    const [estimate] = estimateShares({ ...everyone, predicted: Float64Array.of(0.55) }, audited, 'each');
    // cov = 0.5 / 4 and var = 0.34 / 4 would give 1.47: clamped to 1, so 0.5 + (0.55 - 0.5); residuals 0.1 -0.1 0.4 -0.4.
    expect(estimate!.lambda).toBe(1);
    expect(estimate!.share).toBeCloseTo(0.55, 12);
    const variance = ((1 - 4 / 8) * (0.34 / 3)) / 4;
    const n = 0.25 / variance;
    expect(estimate!.effective).toBeCloseTo(n, 9);
    expect(estimate!.low).toBeCloseTo(wilson(0.55 * n, n).low, 12);
    expect(estimate!.high).toBeCloseTo(wilson(0.55 * n, n).high, 12);
  });

  test('predictions that say the opposite are not relied on', () => {
    const audited = [one(1, 0.1), one(0, 0.9), one(1, 0.4), one(0, 0.6)];
    const [estimate] = estimateShares(everyoneOf([[0.1], [0.9], [0.4], [0.6], [0.9], [0.9]], 1), audited, 'each');
    expect(estimate).toMatchObject({ lambda: 0, share: 0.5 });
  });

  test('who was drawn with half the chance counts double (Hajek)', () => {
    const audited = [one(1, 0, 0.2), one(0, 0, 0.4), one(0, 0, 0.4), one(1, 0, 0.4)];
    const [estimate] = estimateShares(
      everyoneOf(
        Array.from({ length: 12 }, () => [0]),
        1,
      ),
      audited,
      'each',
    );
    expect(estimate!.share).toBeCloseTo((5 + 2.5) / (5 + 3 * 2.5), 12);
  });

  test("no audited case: the audit's own Wilson interval", () => {
    const audited = Array.from({ length: 60 }, (_, i) => one(0, i / 600));
    const everyone = everyoneOf(
      Array.from({ length: 600 }, (_, i) => [i / 600]),
      1,
    );
    expect(estimateShares(everyone, audited, 'each')[0]).toMatchObject({
      ...wilson(0, 60),
      cases: 0,
      basis: 'estimated',
    });
  });
});

describe('what it stands on', () => {
  const people = madeUpPeople(600, SHARES, 5);
  const everyone = everyoneOf(predictionsOf(people), codes);

  test('before any audit: the sum of probabilities, without an interval', () => {
    const [first] = estimateShares(everyone, [], 'one');
    expect(first).toMatchObject({ basis: 'unverified', share: everyone.predicted[0], audited: 0 });
    expect(first).not.toHaveProperty('low');
  });

  test('under 50 audited is marked, from 50 on not', () => {
    const basis = (n: number) =>
      estimateShares(
        everyone,
        people.slice(0, n).map((each) => asAudited(each, n / 600)),
        'one',
      )[0]!.basis;
    expect([1, 2, 49, 50].map(basis)).toEqual(['few', 'few', 'few', 'estimated']);
  });

  test('everything coded by people: exact counts, Wilson on n without correction', () => {
    const estimates = estimateShares(
      everyone,
      people.map((each) => asAudited(each, 1)),
      'one',
    );
    estimates.forEach((estimate, code) => {
      const k = people.filter(({ labels }) => labels[code] === 1).length;
      expect(estimate).toMatchObject({ ...wilson(k, 600), basis: 'counted', cases: k, needed: 0 });
    });
  });

  test('all but one coded: nearly exact already', () => {
    const estimates = estimateShares(
      everyone,
      people.slice(1).map((each) => asAudited(each, 599 / 600)),
      'one',
    );
    estimates.forEach(({ share, low, high }, code) => {
      expect(Math.abs(share - shareOf(people, code))).toBeLessThan(0.003);
      expect(high! - low!).toBeLessThan(0.01);
    });
  });
});

describe('whatever was audited', () => {
  const people = madeUpPeople(300, SHARES, 9);
  const draws = fc.record({ n: fc.integer({ min: 1, max: 299 }), seed: fc.integer(), money: fc.boolean() });

  test('shares of main reasons add up to one, each in its interval, within 0 to 1', () => {
    fc.assert(
      fc.property(draws, ({ n, seed, money }) => {
        const amounts = money ? amountsOf(people) : undefined;
        const audited = drawnFrom(people, n, seeded(seed)).map((each) =>
          asAudited(each, 0.1 + 0.9 * each.number, money ? each.amount : undefined),
        );
        const estimates = estimateShares(everyoneOf(predictionsOf(people), codes, amounts), audited, 'one');
        expect(sum(estimates.map(({ share }) => share))).toBeCloseTo(1, 9);
        for (const { share, low, high, lambda } of estimates) {
          expect(0 <= low! && low! <= share && share <= high! && high! <= 1).toBe(true);
          expect(0 <= lambda && lambda <= 1).toBe(true);
        }
      }),
    );
  });

  test('main reasons have one lambda, codes that stand side by side have their own', () => {
    const audited = people.slice(0, 100).map((each) => asAudited(each, 1 / 3));
    const lambdas = (lambda: 'each' | 'one') =>
      new Set(estimateShares(everyoneOf(predictionsOf(people), codes), audited, lambda).map((each) => each.lambda))
        .size;
    expect([lambdas('one'), lambdas('each') > 1]).toEqual([1, true]);
  });
});

describe('over many draws', () => {
  const people = madeUpPeople(1000, SHARES, 11);
  const DRAWS = 250;

  interface Seen {
    /** Mean of the estimates less the truth. */
    bias: number[];
    coverage: number;
    error: number;
  }

  function simulate(money: boolean, draw: (random: () => number) => Audited[]): Seen {
    const everyone = everyoneOf(predictionsOf(people), codes, money ? amountsOf(people) : undefined);
    const truths = SHARES.map((_, code) => shareOf(people, code, money ? ({ amount }) => amount : undefined));
    const random = seeded(3);
    const seen: Seen = { bias: truths.map(() => 0), coverage: 0, error: 0 };
    for (let i = 0; i < DRAWS; i++) {
      estimateShares(everyone, draw(random), 'one').forEach((estimate, code) => {
        seen.bias[code]! += (estimate.share - truths[code]!) / DRAWS;
        seen.error += Math.abs(estimate.share - truths[code]!) / DRAWS / codes;
        seen.coverage += Number(holds(estimate, truths[code]!)) / DRAWS / codes;
      });
    }
    return seen;
  }

  test('a random audit of 150: unbiased, and 95 of 100 intervals hold the truth', () => {
    const seen = simulate(false, (random) => drawnFrom(people, 150, random).map((each) => asAudited(each, 0.15)));
    expect(Math.max(...seen.bias.map(Math.abs))).toBeLessThan(0.004);
    expect(seen.coverage).toBeGreaterThan(0.935);
    expect(seen.coverage).toBeLessThan(0.97);
  });

  test('with predictions it errs less than the audit alone', () => {
    const draw = (blind: boolean) => (random: () => number) =>
      drawnFrom(people, 150, random).map((each) => asAudited(blind ? { ...each, predictions: SHARES } : each, 0.15));
    expect(simulate(false, draw(false)).error).toBeLessThan(0.9 * simulate(false, draw(true)).error);
  });

  test('answers drawn with different chances, after their reason at that: as true', () => {
    const chance = ({ labels }: Person) => (labels[0] === 1 ? 0.06 : 0.2);
    const seen = simulate(false, (random) =>
      people.filter((each) => random() < chance(each)).map((each) => asAudited(each, chance(each))),
    );
    expect(Math.max(...seen.bias.map(Math.abs))).toBeLessThan(0.006);
    expect(seen.coverage).toBeGreaterThan(0.93);
    expect(seen.coverage).toBeLessThan(0.975);
  });

  test('shares of money, skewed as spending is: unbiased, intervals as good', () => {
    const seen = simulate(true, (random) =>
      drawnFrom(people, 200, random).map((each) => asAudited(each, 0.2, each.amount)),
    );
    expect(Math.max(...seen.bias.map(Math.abs))).toBeLessThan(0.008);
    expect(seen.coverage).toBeGreaterThan(0.93);
    expect(seen.coverage).toBeLessThan(0.975);
  });
});

describe('answers still needed for a margin of 5 points', () => {
  const people = madeUpPeople(2000, SHARES, 13);
  const everyone = everyoneOf(predictionsOf(people), codes);
  const audit = (n: number) =>
    estimateShares(
      everyone,
      people.slice(0, n).map((each) => asAudited(each, n / 2000)),
      'one',
    );
  const margin = ({ low, high }: EstimatedShare) => (high! - low!) / 2;

  test('as many more and the interval is about as narrow as promised', () => {
    const { needed } = audit(80)[0]!;
    expect(needed).toBeGreaterThan(50);
    expect(needed).toBeLessThan(385 - 80);
    expect(Math.abs(margin(audit(80 + needed)[0]!) - 0.05)).toBeLessThan(0.005);
  });

  test('none where the margin is reached already', () => {
    for (const estimate of audit(600)) expect([estimate.needed, margin(estimate) <= 0.05]).toEqual([0, true]);
  });
});

test('money rows are whole minor units that add up to the known total, each in its interval', () => {
  const people = madeUpPeople(300, SHARES, 17);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 5_000_000 }), (n, total) => {
      const everyone = everyoneOf(predictionsOf(people), codes, amountsOf(people));
      const audited = people.slice(0, n).map((each) => asAudited(each, Math.max(1, n) / 300, each.amount));
      const rows = moneyShares(estimateShares(everyone, audited, 'one'), total);
      expect(sum(rows.map(({ amount }) => amount))).toBe(total);
      for (const { amount, low, high } of rows) {
        expect(Number.isInteger(amount)).toBe(true);
        if (n > 0) expect(low! <= amount && amount <= high!).toBe(true);
      }
    }),
    { numRuns: 50 },
  );
});
