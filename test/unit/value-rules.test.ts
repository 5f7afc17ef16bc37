import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  lifetimeValue,
  lifetimeValueFromNow,
  lostInYear,
  mayBeSpent,
  undiscounted,
  worthOfPoint,
} from '../../src/reports/value/money-rules.ts';

const example = { margin: 300, retention: 0.8, discount: 0.1 };

test('700 customers, 20 % lost, 300 a year each: 42,000 a year', () => {
  expect(lostInYear(700, 0.2, 300)).toBeCloseTo(42_000, 9);
});

test('a customer who brings 300 a year: 800 to come, 1,100 with this year, 1,500 undiscounted; of 140 so many', () => {
  const each = [lifetimeValue(example), lifetimeValueFromNow(example), undiscounted(example)];
  expect(each.map(Math.round)).toEqual([800, 1100, 1500]);
  expect(each.map((value) => Math.round(value * 140))).toEqual([112_000, 154_000, 210_000]);
});

test('a point of retention: seven customers who stay, and 0.81 in place of 0.80 for all', () => {
  const point = worthOfPoint(700, 300, example);
  expect(point.yearlySpend).toBeCloseTo(2100, 9);
  expect(point.lifetime).toBeCloseTo(700 * ((300 * 0.81) / 0.29 - 800), 6);
  expect(worthOfPoint(700, 300, { ...example, retention: 1 })).toEqual({ yearlySpend: 0, lifetime: 0 });
});

test('what may be spent: on keeping what is still to come, on coming back and coming the first payment too', () => {
  const most = mayBeSpent(example);
  expect([most.keeping, most.winningBack, most.acquiring].map(Math.round)).toEqual([800, 1100, 1100]);
});

test('the value is the sum of the years, grows with retention, and nothing is worth nothing', () => {
  const share = (max: number) => fc.double({ min: 0, max, noNaN: true });
  fc.assert(
    fc.property(share(0.99), fc.double({ min: 0.01, max: 1, noNaN: true }), (retention, discount) => {
      let [sum, year] = [0, 1];
      for (let k = 0; k < 4000; k++) sum += 300 * (year *= retention / (1 + discount));
      expect(lifetimeValue({ margin: 300, retention, discount })).toBeCloseTo(sum, 6);
      expect(lifetimeValueFromNow({ margin: 300, retention, discount })).toBeCloseTo(300 + sum, 6);
    }),
  );
  expect(lifetimeValue({ margin: 0, retention: 1, discount: 0 })).toBe(0);
});
