import { describe, expect, test } from '@jest/globals';
import { pastClock } from '../../src/demo/stage.ts';
import { systemClock } from '../../src/shared/clock.ts';
import { isId, newId } from '../../src/shared/ids.ts';

const AT = '2026-11-23T09:20:00.000Z';
const MANY = 5000;

describe('Ids', () => {
  test('of one clock sort in the order in which they were made, and none comes twice', () => {
    for (const clock of [systemClock, pastClock(AT, 1)]) {
      const ids = Array.from({ length: MANY }, () => newId(clock));
      expect(ids.every(isId)).toBe(true);
      expect(ids.toSorted()).toEqual(ids);
      expect(new Set(ids).size).toBe(MANY);
    }
  });

  test('of a past that is told again are the same, so that whoever loads the sample company gets the same one', () => {
    const told = (seed: number) => {
      const clock = pastClock(AT, seed);
      return Array.from({ length: 20 }, () => newId(clock));
    };
    expect(told(1)).toEqual(told(1));
    expect(told(1).some((id) => told(2).includes(id))).toBe(false);
  });
});
