import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { asOfNow, isForTwo, isSame, isUnder, numberOf } from '../../src/coding/auditing/rules.ts';
import { codebookOf, type Code } from '../../src/coding/codebook.ts';
import { randomNumberOf } from '../../src/coding/rules.ts';

const numbers = Array.from({ length: 20_000 }, (_, i) => randomNumberOf(`response ${i}`, 'happened'));
const share = (some: number[]) => some.filter(isForTwo).length / some.length;

describe('the number of a response', () => {
  test('is that of its first answer, by key, in whatever order they are read', () => {
    const answers = [
      { question_key: 'why', random_number: 0.1 },
      { question_key: 'happened', random_number: 0.7 },
      { question_key: 'now', random_number: 0.2 },
    ];
    fc.assert(
      fc.property(fc.shuffledSubarray(answers, { minLength: 3 }), (some) => {
        expect(numberOf(some)).toBe(0.7);
      }),
    );
  });

  test('is in an audit under its threshold, and always where everything is', () => {
    expect([isUnder(0.2, 0.3), isUnder(0.3, 0.3), isUnder(0.999999, 1)]).toEqual([true, false, true]);
  });
});

describe('one response in five is for two people', () => {
  test('of all', () => {
    expect(share(numbers)).toBeGreaterThan(0.19);
    expect(share(numbers)).toBeLessThan(0.21);
  });

  test.each([0.05, 0.2, 0.6])('of those that an audit with the threshold %d takes', (threshold) => {
    const drawn = numbers.filter((number) => number < threshold);
    // Three standard errors.
    expect(Math.abs(share(drawn) - 0.2)).toBeLessThan(3 * Math.sqrt(0.16 / drawn.length));
  });
});

describe('two opinions', () => {
  const code = (id: string, mergedIntoId: string | null = null): Code => ({
    id,
    key: id,
    parentId: null,
    kind: 'reason',
    name: {},
    description: {},
    position: 0,
    retiredAt: null,
    splitAt: null,
    mergedIntoId,
  });
  const book = codebookOf({ id: 'book', programmeId: 'leaving', revision: 1 }, [
    ...[code('a'), code('b'), code('c', 'b'), code('d', 'c')],
  ]);

  test('are the same whatever the order, and if only one names a main reason', () => {
    expect(isSame({ codes: ['a', 'b'], main: 'a' }, { codes: ['b', 'a'], main: 'a' })).toBe(true);
    expect(isSame({ codes: ['a', 'b'], main: 'a' }, { codes: ['b', 'a'], main: null })).toBe(true);
    expect(isSame({ codes: ['a', 'b'], main: 'a' }, { codes: ['b', 'a'], main: 'b' })).toBe(false);
    expect(isSame({ codes: ['a'], main: 'a' }, { codes: ['a', 'b'], main: 'a' })).toBe(false);
    expect(isSame({ codes: ['a', 'b'], main: 'a' }, { codes: ['a'], main: 'a' })).toBe(false);
  });

  test('are compared by the codes that merged ones count as now', () => {
    expect(asOfNow({ codes: ['d', 'c', 'a'], main: 'd' }, book)).toEqual({ codes: ['b', 'a'], main: 'b' });
    expect(asOfNow({ codes: ['gone'], main: null }, book)).toEqual({ codes: ['gone'], main: null });
  });
});
