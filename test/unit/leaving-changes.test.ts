import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { seeded, shuffled } from '../../src/coding/engine/random.ts';
import { comparedWith } from '../../src/reports/changes/periods.ts';
import { changesBetween, forComparing, type Side } from '../../src/reports/changes/rules.ts';
import { estimateReasons } from '../../src/reports/estimate-rules.ts';
import type { Code } from '../../src/reports/estimate.ts';
import { leavingFigures, type LeaverCount } from '../../src/reports/leaving-rules.ts';
import { grainFor, marksIn, stepsUpTo } from '../../src/reports/trend/rules.ts';
import { madeUpPeople, type Person } from '../support/audited-population.ts';

const SHARES = [0.24, 0.18, 0.15, 0.12, 0.1, 0.08, 0.06, 0.04, 0.02, 0.01];
const codes: Code[] = SHARES.map((_, position) => ({
  id: `id-${position}`,
  key: `reason_${position}`,
  parentId: null,
  kind: 'reason' as const,
  position,
  retired: false,
  mergedIntoId: null,
}));
const names = new Map(codes.map(({ id, key }) => [id, { en: key }]));

/** About Poisson's: a sum of many rare events. */
function leaversOf(mean: number, random: () => number): number {
  let [count, left] = [0, mean];
  while ((left += Math.log(1 - random())) > 0) count++;
  return count;
}

const cellOf = (id: string | null): LeaverCount => ({
  knowledge: id === null ? 'no_answer' : 'known',
  mainCodeId: id,
  mainSource: id === null ? null : 'colleague',
  statedCodeId: null,
  read: false,
  silent: false,
  count: 0,
  lostMinor: 0,
});

/** A month in which about so many left, each with a reason drawn by its share; one in three said why. */
function month(mean: number, shares: readonly number[], random: () => number): Side {
  const counts = new Map<string, LeaverCount>();
  let squares = 0;
  for (let left = leaversOf(mean, random); left > 0; left--) {
    let point = random();
    const reason = shares.findIndex((share) => (point -= share) < 0);
    const lostMinor = Math.round(10_000 * Math.exp(1.2 * (random() + random() + random() - 1.5) * 2));
    squares += lostMinor * lostMinor;
    const id = random() < 1 / 3 ? `id-${Math.max(0, reason)}` : null;
    const cell = counts.get(String(id)) ?? cellOf(id);
    cell.count += 1;
    cell.lostMinor += lostMinor;
    counts.set(String(id), cell);
  }
  const figures = leavingFigures([...counts.values()], codes);
  const departures = { count: figures.leavers, lostMinor: figures.lostMinor, squares };
  return { figures, departures, days: 30 };
}

test('without a change at most one month in twenty has any sentence at all; a real change is found', () => {
  const random = seeded(11);
  const rounds = 600;
  let [wolves, found, tested] = [0, 0, 0];
  const more = [0.44, 0.12, 0.11, 0.09, 0.08, 0.06, 0.04, 0.03, 0.02, 0.01];
  for (let round = 0; round < rounds; round++) {
    const mean = [150, 300, 600][round % 3]!;
    const quiet = changesBetween(month(mean, SHARES, random), month(mean, SHARES, random), names);
    wolves += Number(quiet.changes.length > 0);
    tested += Number(quiet.tested > 2);
    if (round % 4 > 0) continue;
    const loud = changesBetween(month(600, more, random), month(600, SHARES, random), names);
    found += Number(loud.changes.some(({ reason, direction }) => reason?.key === 'reason_0' && direction === 'up'));
  }
  expect(tested).toBeGreaterThan(rounds * 0.9);
  expect(wolves / rounds).toBeLessThanOrEqual(0.05);
  expect((found / rounds) * 4).toBeGreaterThan(0.85);
});

/** A month in which so many left and answered, of whom some were audited: their shares are estimated. */
function estimatedMonth(shares: number[], count: number, audited: number, seed: number, random: () => number): Side {
  const people = madeUpPeople(count, shares, seed);
  const drawn = new Set(shuffled(count, random).subarray(0, audited));
  const sum = (of: (person: Person) => number) => people.reduce((total, each) => total + of(each), 0);
  const chancesOf = ({ predictions }: Person) => codes.map(({ id }, k) => ({ codeId: id, chance: predictions[k]! }));
  const lostMinor = sum(({ amount }) => amount);
  const read = {
    count,
    lostMinor,
    waiting: 0,
    chances: codes.map(({ id }, k) => ({
      codeId: id,
      chance: sum(({ predictions }) => predictions[k]!),
      minor: sum(({ predictions, amount }) => predictions[k]! * amount),
    })),
    audited: people
      .filter((_, i) => drawn.has(i))
      .map((each) => ({
        codeId: codes[each.labels.indexOf(1)]!.id,
        chances: chancesOf(each),
        inclusion: audited / count,
        lostMinor: each.amount,
      })),
  };
  const left: LeaverCount = { ...cellOf(null), knowledge: 'not_coded', read: true, count, lostMinor };
  const figures = leavingFigures([left], codes, estimateReasons(read, codes, 1));
  const departures = { count, lostMinor, squares: sum(({ amount }) => amount ** 2) };
  return { figures, departures, days: 30 };
}

test.each([
  [300, 100],
  [300, 200],
  [800, 100],
])(
  'estimated shares of %i answers, %i of them audited: no wolf is cried either, and a real change is found',
  (n, some) => {
    const random = seeded(17);
    const rounds = 80;
    const more = [0.5, 0.1, 0.1, 0.08, 0.07, 0.05, 0.04, 0.03, 0.02, 0.01];
    let [wolves, found, seed] = [0, 0, 100];
    const one = (shares: number[]) => estimatedMonth(shares, n, some, seed++, random);
    for (let round = 0; round < rounds; round++) {
      const quiet = changesBetween(one(SHARES), one(SHARES), names);
      expect(quiet.tested).toBeGreaterThan(2);
      wolves += Number(quiet.changes.length > 0);
      if (round % 4 > 0) continue;
      const loud = changesBetween(one(more), one(SHARES), names);
      found += Number(loud.changes.some(({ reason, direction }) => reason?.key === 'reason_0' && direction === 'up'));
    }
    expect(wolves / rounds).toBeLessThanOrEqual(0.05);
    expect((found / rounds) * 4).toBeGreaterThan(0.85);
  },
);

test('intervals of groups and of a trend hold the share of all who might have left in 93 to 97 % of cases', () => {
  const random = seeded(29);
  const rounds = 150;
  let [held, narrow] = [0, 0];
  for (let round = 0; round < rounds; round++) {
    const { figures } = estimatedMonth(SHARES, 300, 200, 5_000 + round, random);
    const holds = (rows: typeof figures.reasons) =>
      rows.filter(({ codeId, coded: { low, high } }) => {
        const truth = SHARES[codes.findIndex(({ id }) => id === codeId)]!;
        return low! <= truth && truth <= high!;
      }).length;
    held += holds(forComparing(figures).reasons) / codes.length / rounds;
    narrow += holds(figures.reasons) / codes.length / rounds;
  }
  expect(held).toBeGreaterThanOrEqual(0.93);
  expect(held).toBeLessThanOrEqual(0.97);
  // Those of the table are about these very leavers, of whom most were asked what they meant.
  expect(narrow).toBeLessThan(0.85);
});

test('many more leavers and much more money are told, and of what size', () => {
  const random = seeded(5);
  const { changes } = changesBetween(month(900, SHARES, random), month(400, SHARES, random), names);
  expect(changes.slice(0, 2).map(({ key }) => key)).toEqual(['changes.leavers.up', 'changes.money.up']);
  for (const { values } of changes) {
    expect(values.low).toBeGreaterThan(0);
    expect(values.low).toBeLessThan(values.difference);
  }
});

test('with a base under 30 on either side nothing is said of reasons', () => {
  const random = seeded(3);
  const [few, many] = [month(60, SHARES, random), month(600, SHARES, random)];
  expect(few.figures.base).toBeLessThan(30);
  for (const [now, before] of [
    [few, many],
    [many, few],
  ] as const)
    expect(changesBetween(now, before, names).changes.every(({ about }) => about !== 'reason')).toBe(true);
});

test('at most five sentences', () => {
  const random = seeded(2);
  const turned = [...SHARES].reverse();
  const { changes } = changesBetween(month(9000, turned, random), month(3000, SHARES, random), names);
  expect(changes).toHaveLength(5);
});

test('the period before ends the day before and is as long; twelve months are compared with twelve', () => {
  expect(comparedWith({ from: '2025-11-23', to: '2026-11-22' }, 'before')).toEqual({
    from: '2024-11-23',
    to: '2025-11-22',
  });
  expect(comparedWith({ from: '2026-11-01', to: '2026-11-22' }, 'before')).toEqual({
    from: '2026-10-10',
    to: '2026-10-31',
  });
  expect(comparedWith({ from: '2026-11-01', to: '2026-11-22' }, 'last-year')).toEqual({
    from: '2025-11-01',
    to: '2025-11-22',
  });
  expect(comparedWith({ from: '0001-01-01', to: '2026-11-22' }, 'before')).toBeNull();
});

test('steps of a trend follow each other without a gap, up to the day', () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }),
      fc.constantFrom('month' as const, 'quarter' as const),
      (date, grain) => {
        const day = date.toISOString().slice(0, 10);
        const steps = stepsUpTo(day, grain);
        expect(steps.at(-1)?.to).toBe(day);
        steps.slice(1).forEach(({ from }, i) => {
          const end = new Date(`${steps[i]!.to}T00:00:00Z`);
          end.setUTCDate(end.getUTCDate() + 1);
          expect(end.toISOString().slice(0, 10)).toBe(from);
        });
        expect(marksIn(steps, [day])).toEqual([{ at: steps.length - 1, days: [day] }]);
      },
    ),
  );
});

test('months while most hold 30 known reasons, else quarters', () => {
  expect(grainFor([{ base: 0 }, { base: 40 }, { base: 31 }, { base: 12 }])).toBe('month');
  expect(grainFor([{ base: 12 }, { base: 31 }, { base: 12 }])).toBe('quarter');
  expect(grainFor([])).toBe('quarter');
});
