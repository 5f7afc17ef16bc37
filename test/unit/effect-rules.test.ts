import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { detectable, effectOf, neededInAll, stillThere, type DrawnGroup } from '../../src/reports/effect/rules.ts';
import { newcombeOf, wilson } from '../../src/shared/statistics.ts';
import { randomOf } from '../support/random.ts';

const arms = (treated: [number, number], held: [number, number], share = 20): DrawnGroup[] => [
  { share, heldOut: false, back: treated[0], base: treated[1] },
  { share, heldOut: true, back: held[0], base: held[1] },
];

describe('a programme against its holdout', () => {
  test('80 of 800 against 10 of 200: +5 points (0.6-8.2), and it says so', () => {
    const effect = effectOf(arms([80, 800], [10, 200]));
    expect(
      [effect.difference.difference, effect.difference.low, effect.difference.high].map((x) => (x * 100).toFixed(1)),
    ).toEqual(['5.0', '0.6', '8.2']);
    expect(effect.verdict).toBe('more');
    expect(effectOf(arms([10, 200], [80, 800])).verdict).toBe('fewer');
    expect(effectOf(arms([20, 200], [8, 100])).verdict).toBe('cannot_say');
  });

  test('fewer than ten in an arm say nothing, whatever they did', () => {
    expect(effectOf(arms([0, 400], [9, 9])).verdict).toBe('cannot_say');
    expect(effectOf([]).verdict).toBe('cannot_say');
    expect(effectOf([]).treated).toMatchObject({ base: 0, back: 0 });
    expect(effectOf([{ share: 20, heldOut: false, back: 3, base: 40 }]).treated.base).toBe(0);
  });

  test('cohorts drawn at one share are pooled as if they were one', () => {
    const count = fc.tuple(fc.nat({ max: 40 }), fc.integer({ min: 40, max: 90 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(count, count), { minLength: 1, maxLength: 5 }), (cohorts) => {
        const of = (i: 0 | 1, j: 0 | 1) => cohorts.reduce((so, cohort) => so + cohort[i][j], 0);
        const { difference } = effectOf(cohorts.flatMap(([treated, held]) => arms(treated, held)));
        const plain = newcombeOf(wilson(of(0, 0), of(0, 1)), wilson(of(1, 0), of(1, 1)));
        expect(difference.difference).toBeCloseTo(plain.difference, 10);
        expect(difference.low).toBeCloseTo(plain.low, 10);
        expect(difference.high).toBeCloseTo(plain.high, 10);
      }),
    );
  });

  test('a share that was changed meanwhile does not pass for an effect', () => {
    // In the good month a tenth was held out, in the bad one half; within each month both arms did alike.
    const effect = effectOf([...arms([180, 900], [20, 100], 10), ...arms([5, 100], [5, 100], 50)]);
    expect(effect.difference.difference).toBeCloseTo(0, 10);
    expect(effect.verdict).toBe('cannot_say');
  });
});

describe('how many it takes', () => {
  test('10 % against 5 % needs 864, half of them held out; 140 leavers with a fifth held out can only show 21 % against 5 %', () => {
    expect(neededInAll(0.1, 0.05, 0.5)).toBe(864);
    expect((detectable(0.05, 112, 28) * 100).toFixed(0)).toBe('21');
  });

  test('says how many more, and none that are there already', () => {
    const { needed } = effectOf(arms([8, 112], [2, 28]));
    expect(needed.points).toBe(10);
    expect(needed.more).toBeGreaterThan(100);
    const many = effectOf(arms([800, 8000], [380, 4000]));
    expect(many.needed.points).toBeLessThan(5);
    expect(many.needed.more).toBeGreaterThan(0);
    expect(effectOf([]).detectable).toBeNull();
  });

  test('counts whose days still run, goes by the part held out from now on, and by what is known of the holdout', () => {
    const groups = arms([8, 112], [2, 28]);
    const { more } = effectOf(groups).needed;
    expect(effectOf(groups, { open: 40 }).needed.more).toBe(more - 40);
    // A tenth held out needs more than a half: 5 % against 15 %, at 5 % and 80 %.
    expect(effectOf([], { part: 0.5 }).needed).toEqual({ points: 10, more: neededInAll(0.15, 0.05, 0.5) });
    expect(effectOf([], { part: 0.1 }).needed).toEqual({ points: 10, more: neededInAll(0.15, 0.05, 0.1) });
    expect(effectOf(arms([3, 9], [3, 9]), { usual: 0.3 }).needed.more).toBe(neededInAll(0.4, 0.3, 0.5) - 18);
    // Ten are enough to speak for themselves.
    expect(effectOf(arms([3, 10], [5, 10]), { usual: 0.3 }).needed.more).toBe(neededInAll(0.6, 0.5, 0.5) - 20);
  });
});

describe('in many companies', () => {
  const random = randomOf(3);
  const drawn = (n: number, chance: number) => {
    let count = 0;
    for (let i = 0; i < n; i++) if (random() < chance) count++;
    return count;
  };

  test('the interval holds the true effect in 93 to 97 of 100', () => {
    let held = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++) {
      const cohorts = [60, 80, 100].flatMap((n) => arms([drawn(n * 4, 0.14), n * 4], [drawn(n, 0.08), n]));
      const { low, high } = effectOf(cohorts).difference;
      if (low <= 0.06 && 0.06 <= high) held++;
    }
    expect(held / runs).toBeGreaterThan(0.93);
    expect(held / runs).toBeLessThan(0.97);
  });

  test('without an effect about 5 of 100 say that there is one', () => {
    let wrong = 0;
    const runs = 2000;
    for (let run = 0; run < runs; run++)
      if (effectOf(arms([drawn(600, 0.1), 600], [drawn(200, 0.1), 200])).verdict !== 'cannot_say') wrong++;
    expect(wrong / runs).toBeGreaterThan(0.03);
    expect(wrong / runs).toBeLessThan(0.07);
  });
});

describe('whether somebody is still there', () => {
  const returned = { returnedOn: '2026-01-10', againOn: '2026-03-01', leftAgainOn: null };

  test('bought once more by then, and had not left again', () => {
    expect(stillThere(returned, '2026-04-10')).toBe(true);
    expect(stillThere(returned, '2026-02-28')).toBe(false);
    expect(stillThere({ ...returned, againOn: null }, '2026-04-10')).toBe(false);
    expect(stillThere({ ...returned, leftAgainOn: '2026-04-10' }, '2026-04-10')).toBe(false);
    expect(stillThere({ ...returned, leftAgainOn: '2026-04-11' }, '2026-04-10')).toBe(true);
  });
});
