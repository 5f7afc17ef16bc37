import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Figure } from '../../src/retention/figures.ts';
import { readTarget } from '../../src/retention/goals/forms.ts';
import { isAhead, standingOf } from '../../src/retention/goals/rules.ts';
import { comparisonOf, effectOf, neededFor, windowsOf } from '../../src/retention/policies/effect-rules.ts';
import { untoldBecause, UNTOLD, type TellingFacts } from '../../src/retention/policies/telling-rules.ts';
import { addDays, daysBetween } from '../../src/shared/dates.ts';
import { wilson } from '../../src/shared/statistics.ts';

const share = (k: number, n: number): Figure => {
  const { share: value, low, high } = wilson(k, n);
  return { value: n === 0 ? null : value, low, high, base: n, unit: 'share' };
};
const money = (value: number | null): Figure => ({ value, low: null, high: null, base: 140, unit: 'money' });

test('a goal is told from chance only once the interval leaves its start behind', () => {
  const aim = { start: share(500, 1000), target: 0.7, direction: 'up' as const };
  const of = (k: number, n: number) => standingOf(aim, share(k, n)).name;
  expect(of(520, 1000)).toBe('not_told');
  expect(of(560, 1000)).toBe('begun');
  expect(of(600, 1000)).toBe('halfway');
  expect(of(650, 1000)).toBe('far');
  expect(of(690, 1000)).toBe('almost');
  expect(of(700, 1000)).toBe('reached');
  expect(of(400, 1000)).toBe('back');
  expect(of(14, 20)).toBe('not_told');
  expect(of(7, 9)).toBe('few');
  expect(of(0, 0)).toBe('unknown');
  expect(standingOf(aim, share(600, 1000)).way).toBeCloseTo(0.5);
});

test('money carries no interval, and a goal without a start is only there or not', () => {
  const less = { start: money(42_000_00), target: 30_000_00, direction: 'down' as const };
  expect(standingOf(less, money(36_000_00))).toEqual({ name: 'halfway', way: 0.5 });
  expect(standingOf(less, money(29_000_00)).name).toBe('reached');
  expect(standingOf({ ...less, start: money(null) }, money(36_000_00))).toEqual({ name: 'open', way: null });
  expect(standingOf({ ...less, start: money(null) }, money(20_000_00)).name).toBe('reached');
});

test('whatever the figures, a goal that has not passed its target is never called reached', () => {
  const number = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(number, number, number, fc.integer({ min: 0, max: 500 }), (start, target, now, base) => {
      const direction = target > start ? ('up' as const) : ('down' as const);
      fc.pre(target !== start && isAhead(start, target, direction));
      const figure = base === 0 ? share(0, 0) : share(Math.round(now * base), base);
      const { name, way } = standingOf({ start: { ...share(1, 2), value: start }, target, direction }, figure);
      if (name === 'reached') expect(way).toBeGreaterThanOrEqual(1);
      if (name === 'back') expect(way).toBeLessThan(0);
    }),
  );
});

test('targets are typed in per cent or in money, with a point or a comma', () => {
  const de = { currency: 'EUR', language: 'de', today: '2026-11-22' };
  expect(readTarget('72,5', 'service', de)).toBe(0.725);
  expect(readTarget(' 70 % ', 'service', de)).toBe(0.7);
  expect(readTarget('30.000', 'money_lost', de)).toBe(30_000_00);
  for (const typed of ['', '-1', '100,1', '1e1', 'abc', '7.123', 'Infinity', '٧٠'])
    expect([typed, readTarget(typed, 'service', de)]).toEqual([typed, undefined]);
  for (const typed of ['', '-5', 'x', '1'.repeat(30)])
    expect([typed, readTarget(typed, 'money_lost', de)]).toEqual([typed, undefined]);
});

test('before and after are equally long, side by side, and a year at most', () => {
  const day = fc.integer({ min: 0, max: 2000 }).map((days) => addDays('2022-01-01', days));
  fc.assert(
    fc.property(day, fc.integer({ min: 0, max: 1500 }), (from, days) => {
      const windows = windowsOf(from, addDays(from, days))!;
      expect(windows.days).toBe(Math.min(365, days + 1));
      expect(windows.after.from).toBe(from);
      expect(addDays(windows.before.to, 1)).toBe(from);
      const length = ({ from: first, to }: { from: string; to: string }) => daysBetween(first, to) + 1;
      expect([length(windows.before), length(windows.after)]).toEqual([windows.days, windows.days]);
      expect(windows.yearBefore === null).toBe(windows.days === 365);
    }),
  );
  expect(windowsOf('2026-11-23', '2026-11-22')).toBeNull();
});

test('an effect carries Newcombe’s interval, and says too few, not told, lower or higher', () => {
  // 48 of 80 before, 56 of 70 since: the worked example of the difference.
  const more = comparisonOf(share(48, 80), share(56, 70));
  expect(more.verdict).toBe('higher');
  expect(more.difference?.difference).toBeCloseTo(0.2);
  expect(more.difference?.low).toBeCloseTo(0.0524, 3);
  expect(more.difference?.high).toBeCloseTo(0.3339, 3);
  expect(comparisonOf(share(56, 70), share(48, 80)).verdict).toBe('lower');
  expect(comparisonOf(share(4, 9), share(30, 60))).toMatchObject({ verdict: 'few', missing: { before: 1, after: 0 } });
  expect(comparisonOf(share(10, 25), share(6, 25))).toMatchObject({ verdict: 'not_told', indicative: true });
  expect(comparisonOf(share(0, 0), share(0, 0)).verdict).toBe('few');
});

test('says how many answers a difference like this would need', () => {
  // The contract of the holdout: 10 % against 5 % needs 432 or so in each arm with this formula.
  expect(neededFor(0.1, 0.05)).toBeGreaterThan(425);
  expect(neededFor(0.1, 0.05)).toBeLessThan(440);
  expect(neededFor(0.2, 0.2)).toBeNull();
  expect(neededFor(0.2, 0.2001)).toBeNull();
});

test('a year before is only compared where somebody answered then', () => {
  const windows = windowsOf('2026-09-01', '2026-10-31')!;
  expect(effectOf(windows, share(9, 30), share(3, 30), share(0, 0)).yearBefore).toBeNull();
  expect(effectOf(windows, share(9, 30), share(3, 30), share(12, 40)).yearBefore?.comparison.verdict).toBe('lower');
});

test('of several reasons not to write the first holds, and without one they are written to', () => {
  const facts: TellingFacts = {
    told: false,
    customer: { email: 'a@example.com', unsubscribedAt: null, legalBasis: 'contract' },
    noGreetings: false,
    talking: false,
    heldOut: false,
    suppressed: false,
    wordless: false,
    overBudget: false,
  };
  expect(untoldBecause(facts)).toBeNull();
  const { customer } = facts;
  const spoilt: TellingFacts[] = [
    { ...facts, told: true },
    { ...facts, customer: { ...customer, unsubscribedAt: '2026-01-01T00:00:00.000Z' } },
    { ...facts, noGreetings: true },
    { ...facts, talking: true },
    { ...facts, heldOut: true },
    { ...facts, customer: { ...customer, email: '' } },
    { ...facts, suppressed: true },
    { ...facts, customer: { ...customer, legalBasis: '' } },
    { ...facts, wordless: true },
    { ...facts, overBudget: true },
  ];
  expect(spoilt.map(untoldBecause).sort()).toEqual([...UNTOLD].sort());
});
