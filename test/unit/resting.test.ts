import { expect, test } from '@jest/globals';
import { whileResting } from '../../src/scheduler/index.ts';

/** Two parts that go on in the background, what they are told, and something to be done meanwhile. */
function scene() {
  const told: string[] = [];
  const part = (name: string) => ({
    start: () => void told.push(`${name} goes on`),
    stop: async () => {
      await new Promise(setImmediate);
      told.push(`${name} rests`);
    },
  });
  const work = () => Promise.resolve(told.push('work'));
  return { told, parts: [part('a'), part('b')], work };
}

test('all rest before it begins, and go on when it is done', async () => {
  const { told, parts, work } = scene();
  expect(await whileResting(parts, () => true, work)).toBe(3);
  expect(told).toEqual(['a rests', 'b rests', 'work', 'a goes on', 'b goes on']);
});

test('they go on when it fails, too', async () => {
  const { told, parts } = scene();
  const failing = () => Promise.reject(new Error('no room'));
  await expect(whileResting(parts, () => true, failing)).rejects.toThrow('no room');
  expect(told).toEqual(['a rests', 'b rests', 'a goes on', 'b goes on']);
});

test('where all ends meanwhile, they do not', async () => {
  const { told, parts, work } = scene();
  await whileResting(parts, () => false, work);
  expect(told).toEqual(['a rests', 'b rests', 'work']);
});
