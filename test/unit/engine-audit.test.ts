import { expect, test } from '@jest/globals';
import { thresholdFor } from '../../src/coding/engine/audit.ts';
import { seeded } from '../../src/coding/engine/random.ts';

const random = seeded(1);
const numbers = Array.from({ length: 600 }, () => random());

test('under the threshold lie the lowest numbers, as many as were wanted', () => {
  for (const wanted of [0, 1, 30, 599]) {
    const threshold = thresholdFor(numbers, wanted);
    const lowest = numbers.toSorted((a, b) => a - b).slice(0, wanted);
    expect(numbers.filter((each) => each < threshold).sort((a, b) => a - b)).toEqual(lowest);
  }
});

test('where more are wanted than there are, all are taken, surely', () => {
  expect(thresholdFor([0.3, 0.9], 2)).toBe(1);
  expect(thresholdFor([0.3], 5)).toBe(1);
});

test('one over the threshold counts everyone on average, whatever was wanted', () => {
  const draw = seeded(8);
  const estimates = Array.from({ length: 3000 }, () => {
    const drawn = Array.from({ length: 40 }, draw);
    return 5 / thresholdFor(drawn, 5);
  });
  const mean = estimates.reduce((a, b) => a + b, 0) / estimates.length;
  expect(Math.abs(mean - 40)).toBeLessThan(1);
});
