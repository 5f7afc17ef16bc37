import { afterEach, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import { createThread, type Thread } from '../../src/shared/threads/thread.ts';

const KEPT_MS = 30;

let thread: Thread | undefined;
let ends = 0;

afterEach(() => thread?.stop());

function echoing(): Thread {
  ends = 0;
  thread = createThread(new URL('../support/echo.worker.ts', import.meta.url), {
    heapMegabytes: 32,
    keptMs: KEPT_MS,
    onEnd: () => (ends += 1),
  });
  return thread;
}

test('who asks while a thread that rested is still ending is answered by another', async () => {
  const asked = echoing();
  for (let round = 0; round < 5; round++) {
    await expect(asked.ask(round)).resolves.toBe(round);
    // As long as it is kept: this timer comes right behind the one that lets the thread go.
    await pause(KEPT_MS);
  }
  expect(await asked.ask('at last')).toBe('at last');
  expect(ends).toBeGreaterThan(0);
});

test('a thread that was stopped takes up nothing more', async () => {
  const asked = echoing();
  await asked.ask(1);
  await asked.stop();
  await expect(asked.ask(2)).rejects.toThrow('stopped');
});
