import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { wilson } from '../../src/shared/statistics.ts';

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
