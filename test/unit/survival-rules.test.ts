import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { churnBetween, churnByMonth } from '../../src/reports/survival/calendar.ts';
import type { Calendar } from '../../src/reports/survival/counting.ts';
import { inWeeks, watch } from '../../src/reports/survival/observation.ts';
import {
  atRiskAt,
  churnOf,
  kaplanMeier,
  logRank,
  poisson,
  shareAt,
  without,
  type Tick,
} from '../../src/reports/survival/rules.ts';
import { ticksFor } from '../../src/reports/survival/time.ts';
import { addDays } from '../../src/shared/dates.ts';
import { randomOf } from '../support/random.ts';

interface Life {
  from: number;
  to: number;
  left: boolean;
}

/** Whoever entered at `from` is watched to `to`. */
function ticksOf(lives: readonly Life[]): Tick[] {
  const ticks = new Map<number, Tick>();
  const at = (t: number) => {
    const tick = ticks.get(t) ?? { t, entered: 0, left: 0, ended: 0 };
    ticks.set(t, tick);
    return tick;
  };
  for (const { from, to, left } of lives) {
    at(from).entered++;
    if (left) at(to).left++;
    else at(to).ended++;
  }
  return [...ticks.values()].sort((a, b) => a.t - b.t);
}

/** Times and whether they left, as they stand in Kaplan and Meier's kind of table: 6 leaves, 6+ does not. */
const livesOf = (text: string): Life[] =>
  text.split(' ').map((each) => ({ from: 0, to: parseInt(each, 10), left: !each.endsWith('+') }));

/** The remission times of Freireich and others (1963), as every textbook prints them with their estimates. */
const TREATED = livesOf('6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+');
const CONTROL = livesOf('1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23');

test('the axis of time has at most seven marks, and more only where a curve would lie between two', () => {
  const labels = (...curves: [from: number, until: number][]) => {
    const { ticks, inYears } = ticksFor(curves.map(([from, until]) => ({ from, until })));
    return [inYears, ...ticks.map(({ label }) => label)];
  };
  expect(labels([0, 52])).toEqual([false, '0', '3', '6', '9', '12']);
  expect(labels([0, 400])).toEqual([true, '0', '2', '4', '6', '8']);
  expect(labels([0, 400], [116, 195])).toEqual([true, '0', '1', '2', '3', '4', '5', '6', '7', '8']);
});

describe('the curve of those still there', () => {
  test('Kaplan and Meier, with Greenwood’s variance on the log-log scale: the printed figures', () => {
    const { steps } = kaplanMeier(ticksOf(TREATED), 1);
    expect(steps.map(({ t, atRisk, left, share }) => [t, atRisk, left, Number(share.toFixed(4))])).toEqual([
      [6, 21, 3, 0.8571],
      [7, 17, 1, 0.8067],
      [10, 15, 1, 0.7529],
      [13, 12, 1, 0.6902],
      [16, 11, 1, 0.6275],
      [22, 7, 1, 0.5378],
      [23, 6, 1, 0.4482],
    ]);
    expect([steps[0]!.low, steps[0]!.high].map((x) => x.toFixed(3))).toEqual(['0.620', '0.952']);
    expect([steps[6]!.low, steps[6]!.high].map((x) => x.toFixed(3))).toEqual(['0.188', '0.680']);
  });

  test('is cut where fewer than ten remain, and says nothing beyond', () => {
    const curve = kaplanMeier(ticksOf(TREATED));
    expect(curve.until).toBe(17);
    expect(curve.steps.at(-1)!.t).toBe(16);
    expect(atRiskAt(ticksOf(TREATED), 17)).toBe(10);
    expect(shareAt(curve, 17, 10)!.share).toBeCloseTo(0.6275, 4);
    expect(shareAt(curve, 18, 10)).toBeNull();
    expect(shareAt(curve, 5, 21)).toMatchObject({ share: 1, high: 1 });
    expect(shareAt(curve, 5, 21)!.low).toBeCloseTo(0.845, 3);
    expect(kaplanMeier(ticksOf(TREATED.slice(0, 9)))).toEqual({ steps: [], from: 0, until: 0 });
  });

  test('whoever is known only since later counts from then on: by hand', () => {
    // Ten from the start, ten more known from the third step on; one leaves in the second step, two in the fourth.
    const lives = [
      ...Array.from({ length: 10 }, (_, i) => ({ from: 0, to: i === 0 ? 2 : i === 1 ? 4 : 6, left: i < 2 })),
      ...Array.from({ length: 10 }, (_, i) => ({ from: 3, to: i === 0 ? 4 : 6, left: i === 0 })),
    ];
    const { steps } = kaplanMeier(ticksOf(lives), 1);
    expect(steps.map(({ t, atRisk, share }) => [t, atRisk, share])).toEqual([
      [2, 10, 0.9],
      [4, 19, 0.9 * (17 / 19)],
    ]);
  });

  test('where too few are known from the start it begins later, and is about those who were still there then: by hand', () => {
    // Nine from the start, one who comes and goes, at the fourth step eleven more; two of twenty leave in the sixth.
    const lives = [
      ...Array.from({ length: 9 }, () => ({ from: 0, to: 8, left: false })),
      { from: 2, to: 3, left: true },
      ...Array.from({ length: 11 }, (_, i) => ({ from: 4, to: i < 2 ? 6 : 8, left: i < 2 })),
    ];
    const curve = kaplanMeier(ticksOf(lives));
    expect(curve).toMatchObject({ from: 4, until: 8, steps: [{ t: 6, atRisk: 20, left: 2, share: 0.9 }] });
    expect([3, 4, 5, 6].map((t) => shareAt(curve, t, 20)?.share ?? null)).toEqual([null, 1, 1, 0.9]);
    expect(kaplanMeier(ticksOf(lives.slice(0, -1)))).toEqual({ steps: [], from: 0, until: 0 });
  });

  const life = fc
    .tuple(fc.nat({ max: 30 }), fc.integer({ min: 1, max: 30 }), fc.boolean())
    .map(([from, length, left]) => ({ from, to: from + length, left }));

  test('never rises, stays between 0 and 1, and lies within its interval', () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 80 }), fc.integer({ min: 1, max: 12 }), (lives, least) => {
        let before = 1;
        for (const { share, low, high, atRisk } of kaplanMeier(ticksOf(lives), least).steps) {
          expect(share).toBeLessThanOrEqual(before);
          expect(low).toBeGreaterThanOrEqual(0);
          expect(low).toBeLessThanOrEqual(share);
          expect(high).toBeGreaterThanOrEqual(share);
          expect(high).toBeLessThanOrEqual(1);
          expect(atRisk).toBeGreaterThanOrEqual(least);
          before = share;
        }
      }),
    );
  });

  test('where all were watched from the start to their end it is the plain share of them', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 60 }), (ends) => {
        const { steps } = kaplanMeier(ticksOf(ends.map((to) => ({ from: 0, to, left: true }))), 1);
        for (const { t, share } of steps)
          expect(share).toBeCloseTo(ends.filter((end) => end > t).length / ends.length, 10);
      }),
    );
  });

  test('all without a part, and the part, are all', () => {
    fc.assert(
      fc.property(fc.array(life, { maxLength: 40 }), fc.array(life, { maxLength: 40 }), (some, others) => {
        expect(without(ticksOf([...some, ...others]), ticksOf(some))).toEqual(ticksOf(others));
      }),
    );
  });

  test('its 95 % interval holds in 93 to 97 of 100 cases, with people known only since later and people still there', () => {
    const random = randomOf(7);
    let held = 0;
    const runs = 1500;
    for (let run = 0; run < runs; run++) {
      const lives = Array.from({ length: 150 }, () => {
        const leaves = Math.ceil(-60 * Math.log(1 - random()));
        const from = random() < 0.5 ? 0 : Math.floor(random() * 20);
        const watched = 20 + Math.floor(random() * 80);
        return leaves <= from || watched <= from
          ? []
          : [{ from, to: Math.min(leaves, watched), left: leaves <= watched }];
      }).flat();
      const at = shareAt(kaplanMeier(ticksOf(lives)), 40, 0);
      const truth = Math.exp(-40 / 60);
      if (at && at.low <= truth && truth <= at.high) held++;
    }
    expect(held / runs).toBeGreaterThan(0.93);
    expect(held / runs).toBeLessThan(0.97);
  });
});

describe('two groups', () => {
  test('the log-rank test: the printed figures', () => {
    const { observed, expected, p } = logRank(ticksOf(TREATED), ticksOf(CONTROL));
    expect(observed).toBe(9);
    expect(expected).toBeCloseTo(19.25, 2);
    // Chi-squared 16.79 with one degree of freedom.
    expect(p).toBeCloseTo(0.0000417, 6);
    expect(logRank(ticksOf(CONTROL), ticksOf(TREATED)).p).toBeCloseTo(p!, 12);
  });

  test('says nothing of nobody, and cries wolf in about 5 of 100 cases', () => {
    expect(logRank(ticksOf(TREATED), []).p).toBeNull();
    const random = randomOf(11);
    let wolves = 0;
    const group = () =>
      ticksOf(
        Array.from({ length: 60 }, () => {
          const leaves = Math.ceil(-30 * Math.log(1 - random()));
          return { from: 0, to: Math.min(leaves, 40), left: leaves <= 40 };
        }),
      );
    for (let run = 0; run < 1000; run++) if (logRank(group(), group()).p! < 0.05) wolves++;
    expect(wolves).toBeGreaterThan(33);
    expect(wolves).toBeLessThan(67);
  });
});

describe('churn by customer-days', () => {
  test('leavers / customer-days x 30, and who would stay a year', () => {
    const { rate, retention } = churnOf(12, 18_000);
    expect(rate!.share).toBeCloseTo(0.02, 10);
    expect(retention!.share).toBeCloseTo(Math.exp((-12 * 365) / 18_000), 10);
    expect(churnOf(0, 0)).toEqual({ leavers: 0, customerDays: 0, rate: null, retention: null });
    // 700 customers of whom 140 leave evenly over the year: four fifths stay.
    expect(churnOf(140, 630 * 365).retention!.share).toBeCloseTo(0.8, 2);
  });

  test('the interval of a count is the exact one: printed for 10 and for 0', () => {
    expect([poisson(10).low.toFixed(2), poisson(10).high.toFixed(2)]).toEqual(['4.79', '18.39']);
    expect(poisson(0).low).toBe(0);
    expect(poisson(0).high).toBeCloseTo(3.69, 1);
  });
});

describe('who is watched since when', () => {
  const records = { begun: '2026-01-10', watchedFrom: '2026-01-10' };
  const life = { created: '2026-01-10', customerSince: '2020-05-01', firstPurchaseOn: null, leftOn: null };

  test('whoever was there before the records begin counts from then on, whoever left before never', () => {
    expect(watch(life, records, '2026-06-01')).toEqual({
      since: '2020-05-01',
      from: '2026-01-10',
      to: '2026-06-01',
      left: false,
    });
    expect(watch({ ...life, leftOn: '2025-12-01' }, records, '2026-06-01')).toBeUndefined();
    expect(watch({ ...life, leftOn: '2026-03-01' }, records, '2026-06-01')).toMatchObject({
      to: '2026-03-01',
      left: true,
    });
    expect(watch({ ...life, leftOn: '2026-07-01' }, records, '2026-06-01')).toMatchObject({ left: false });
  });

  test('where the first lists name those who had left, they count', () => {
    const known = { begun: '2026-01-10', watchedFrom: '2024-02-01' };
    expect(watch({ ...life, leftOn: '2025-12-01' }, known, '2026-06-01')).toMatchObject({
      from: '2024-02-01',
      left: true,
    });
    expect(watch({ ...life, created: '2026-02-05', leftOn: '2025-12-01' }, known, '2026-06-01')).toBeDefined();
    expect(watch({ ...life, created: '2026-04-05', leftOn: '2025-12-01' }, known, '2026-06-01')).toBeUndefined();
  });

  test('whoever is recorded some weeks after joining counts from the day they joined, much later from their record', () => {
    const late = { ...life, customerSince: '2026-03-01', created: '2026-04-20' };
    expect(watch(late, records, '2026-06-01')).toMatchObject({ since: '2026-03-01', from: '2026-03-01' });
    expect(watch({ ...late, created: '2026-05-20' }, records, '2026-06-01')).toMatchObject({ from: '2026-05-20' });
    expect(watch({ ...late, customerSince: null, firstPurchaseOn: '2026-04-02' }, records, '2026-06-01')!.since).toBe(
      '2026-04-02',
    );
  });

  test('whole weeks only: a part of one neither counts as time nor as leaving', () => {
    const seen = { since: '2026-01-01', from: '2026-01-01', to: '2026-01-20', left: false };
    expect(inWeeks(seen)).toEqual({ enters: 0, exits: 2, left: false });
    expect(inWeeks({ ...seen, left: true })).toEqual({ enters: 0, exits: 3, left: true });
    expect(inWeeks({ ...seen, from: '2026-01-16', left: true })).toBeUndefined();
    expect(inWeeks({ ...seen, from: '2026-01-09' })).toBeUndefined();
  });
});

describe('churn between two days', () => {
  test('by hand: who is there on each day', () => {
    // Ten from the first on; one joins on the 3rd, two leave on the 4th.
    const calendar: Calendar = [
      ['2026-05-01', 10, 0, 0],
      ['2026-05-03', 1, 0, 0],
      ['2026-05-04', 0, 2, 0],
    ];
    expect(churnBetween(calendar, { from: '2026-05-01', to: '2026-05-05' })).toMatchObject({
      customers: 11,
      leavers: 2,
      customerDays: 10 + 10 + 11 + 9 + 9,
    });
    expect(churnBetween(calendar, { from: '2026-05-04', to: '2026-05-04' })).toMatchObject({
      customers: 11,
      leavers: 2,
      customerDays: 9,
    });
    expect(churnBetween([], { from: '2026-05-01', to: '2026-05-05' })).toMatchObject({ customers: 0, rate: null });
  });

  const day = fc.integer({ min: 0, max: 40 }).map((n) => addDays('2026-05-01', n));

  test('parts of a period add up to it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(day, fc.nat({ max: 5 })), { maxLength: 20 }), day, day, day, (joins, ...days) => {
        const [from = '', middle = '', to = ''] = days.sort();
        const sums = new Map<string, number>();
        for (const [on, n] of joins) sums.set(on, (sums.get(on) ?? 0) + n);
        const calendar = [...sums]
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([on, n]): Calendar[number] => [on, n, 0, 0]);
        const whole = churnBetween(calendar, { from, to }).customerDays;
        const first = churnBetween(calendar, { from, to: middle }).customerDays;
        const rest = middle < to ? churnBetween(calendar, { from: addDays(middle, 1), to }).customerDays : 0;
        expect(first + rest).toBe(whole);
      }),
    );
  });

  test('whole months only, none before leavings are on record', () => {
    const calendar: Calendar = [['2026-03-10', 30, 0, 0]];
    const months = churnByMonth(calendar, '2026-03-10', '2026-06-15', 24);
    expect(months.map(({ month, customerDays }) => [month, customerDays])).toEqual([
      ['2026-04', 900],
      ['2026-05', 930],
    ]);
  });
});
