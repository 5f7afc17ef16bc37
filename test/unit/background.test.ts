import { expect, test } from '@jest/globals';
import { inTurn } from '../../src/scheduler/index.ts';

test('one failing job keeps no later one from its turn, and is still told of', async () => {
  const done: string[] = [];
  const job = (name: string) => () => Promise.resolve(done.push(name));
  const failing = (name: string) => () => Promise.reject(new Error(name));
  await expect(inTurn([job('a'), failing('b'), job('c'), failing('d'), job('e')])).rejects.toThrow('b');
  expect(done).toEqual(['a', 'c', 'e']);
});

test('they run one after another, in their order', async () => {
  const seen: string[] = [];
  const slow = (name: string) => async () => {
    seen.push(`${name} begins`);
    await new Promise(setImmediate);
    seen.push(`${name} ends`);
  };
  await inTurn([slow('a'), slow('b')]);
  expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
});
