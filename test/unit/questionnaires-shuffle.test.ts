import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReasonsQuestion } from '../../src/questionnaires/definition.ts';
import { mostReasons, reasonChoices, shuffled } from '../../src/questionnaires/shuffle.ts';
import { given, questionOf, starter } from './questionnaires-support.ts';

const reasons = questionOf(starter('leaving'), 'reasons') as ReasonsQuestion;
const keysOf = (choices: { key: string }[]) => choices.map(({ key }) => key);

test('a shuffle is a permutation, the same for the same seed', () => {
  const options = fc.uniqueArray(fc.string(), { maxLength: 20 }).map((keys) => keys.map((key) => ({ key })));
  fc.assert(
    fc.property(options, fc.string(), (before, seed) => {
      const copy = structuredClone(before);
      const after = shuffled(before, seed);
      expect(keysOf(after).sort()).toEqual(keysOf(before).sort());
      expect(shuffled(before.toReversed(), seed)).toEqual(after);
      expect(before).toEqual(copy);
    }),
  );
});

test('"other" and "prefer not to say" stay last, wherever they stood', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const mixed = [{ key: 'prefer_not_to_say' }, { key: 'b' }, { key: 'other' }, { key: 'a' }];
      expect(keysOf(shuffled(mixed, seed)).slice(2)).toEqual(['other', 'prefer_not_to_say']);
    }),
  );
});

test('one option more leaves the others in their order', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const more = shuffled([...reasons.options, { key: 'weather', text: {} }], seed);
      expect(keysOf(more).filter((key) => key !== 'weather')).toEqual(keysOf(shuffled(reasons.options, seed)));
    }),
  );
});

test('every option comes first for its share of the seeds', () => {
  const first = new Map<string, number>();
  for (let seed = 0; seed < 1800; seed += 1) {
    const key = reasonChoices(reasons, `invitation-${seed}`)[0]!.key;
    first.set(key, (first.get(key) ?? 0) + 1);
  }
  expect(first.size).toBe(9);
  expect(Math.min(...first.values())).toBeGreaterThan(140);
  expect(Math.max(...first.values())).toBeLessThan(260);
});

test('a list that is not to be shuffled keeps its order', () => {
  const fixed = keysOf(reasonChoices({ ...reasons, shuffle: false }, 'any'));
  expect(fixed).toEqual([...keysOf(reasons.options), 'other', 'prefer_not_to_say']);
});

test('"which mattered most" offers the ticked ones in the order they had, then "can’t say"', () => {
  const answers = given({ reasons: { kind: 'reasons', ticked: ['price', 'moved', 'other'] } });
  const order = keysOf(reasonChoices(reasons, 'seed')).filter((key) => ['price', 'moved', 'other'].includes(key));
  expect(keysOf(mostReasons(reasons, answers, 'seed'))).toEqual([...order, 'cant_say']);
});
