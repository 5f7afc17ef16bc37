import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { drawnBy, inclusionOf, thresholdFor, type Audit } from '../../src/coding/engine/audit.ts';
import { seeded } from '../../src/coding/engine/random.ts';

interface Answer {
  id: number;
  randomNumber: number;
  month: number;
}

const random = seeded(1);
const answers: Answer[] = Array.from({ length: 600 }, (_, id) => ({ id, randomNumber: random(), month: id % 6 }));
const of = (months: number[], threshold: number): Audit<Answer> => ({
  covers: ({ month }) => months.includes(month),
  threshold,
});
const ids = (audits: Audit<Answer>[]) => drawnBy(answers, audits).map(({ answer }) => answer.id);

describe('an audit', () => {
  test('takes the lowest numbers of its filter, as many as were wanted', () => {
    const january = answers.filter(({ month }) => month === 1);
    const threshold = thresholdFor(
      january.map((each) => each.randomNumber),
      30,
    );
    const lowest = january.sort((a, b) => a.randomNumber - b.randomNumber).slice(0, 30);
    expect(ids([of([1], threshold)])).toEqual(lowest.map(({ id }) => id));
  });

  test('of more answers than there are takes all, surely', () => {
    expect(thresholdFor([0.3, 0.9], 2)).toBe(1);
    expect(ids([of([2], thresholdFor([0.3], 5))])).toHaveLength(100);
  });

  test('that wants none draws none', () => {
    const threshold = thresholdFor(
      answers.map((each) => each.randomNumber),
      0,
    );
    expect(ids([of([0, 1, 2, 3, 4, 5], threshold)])).toEqual([]);
  });

  test('that grows keeps what it had', () => {
    const small = new Set(ids([of([3], 0.1)]));
    const large = new Set(ids([of([3], 0.4)]));
    expect(small.isSubsetOf(large)).toBe(true);
  });

  test('takes in who arrives late, if the number is low', () => {
    const late = { id: 1000, randomNumber: 0.05, month: 3 };
    expect(drawnBy([...answers, late], [of([3], 0.1)]).some(({ answer }) => answer.id === 1000)).toBe(true);
  });
});

describe('several audits', () => {
  const audit = fc.record({
    months: fc.subarray([0, 1, 2, 3, 4, 5]),
    threshold: fc.double({ min: 0.01, max: 1, noNaN: true }),
  });

  test('draw together what each draws, with the highest threshold that covers an answer', () => {
    fc.assert(
      fc.property(fc.array(audit, { maxLength: 5 }), (given) => {
        const audits = given.map(({ months, threshold }) => of(months, threshold));
        const apart = new Set(audits.flatMap((each) => ids([each])));
        expect(new Set(ids(audits))).toEqual(apart);
        for (const { answer, inclusion } of drawnBy(answers, audits)) {
          const covering = given.filter(({ months }) => months.includes(answer.month));
          expect(inclusion).toBe(Math.max(...covering.map(({ threshold }) => threshold)));
        }
      }),
      { numRuns: 40 },
    );
  });

  test('an answer that none covers cannot be drawn', () => {
    expect(inclusionOf(answers[0]!, [of([1], 0.9)])).toBe(0);
  });
});

test('one over the threshold counts everyone on average, whatever was wanted', () => {
  const draw = seeded(8);
  const estimates = Array.from({ length: 3000 }, () => {
    const numbers = Array.from({ length: 40 }, draw);
    return 5 / thresholdFor(numbers, 5);
  });
  const mean = estimates.reduce((a, b) => a + b, 0) / estimates.length;
  expect(Math.abs(mean - 40)).toBeLessThan(1);
});
