import { afterEach, describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Asking } from '../../src/shared/threads/asking.ts';
import { createProcess } from '../../src/shared/threads/process.ts';
import { createThread } from '../../src/shared/threads/thread.ts';

const KEPT_MS = 30;
/** As Linux counts them: SCHED_IDLE. */
const IDLE_CLASS = 5;

/** The 41st field of proc_pid_stat(5); the second, a name, may hold spaces. */
const schedulingClass = (pid: number, thread: number) =>
  Number(readFileSync(`/proc/${pid}/task/${thread}/stat`, 'utf8').split(') ')[1]?.split(' ')[38]);

let asked: Asking | undefined;
let ends = 0;

afterEach(() => asked?.stop());

describe.each([
  ['a thread', createThread],
  ['a process', createProcess],
])('%s', (_, create) => {
  function echoing(): Asking {
    ends = 0;
    asked = create(new URL('../support/echo.worker.ts', import.meta.url), {
      heapMegabytes: 32,
      keptMs: KEPT_MS,
      onEnd: () => (ends += 1),
    });
    return asked;
  }

  test('who asks while it is still ending after a rest is answered by another', async () => {
    const echo = echoing();
    for (let round = 0; round < 5; round++) {
      await expect(echo.ask(round)).resolves.toBe(round);
      // As long as it is kept: this timer comes right behind the one that lets it go.
      await pause(KEPT_MS);
    }
    expect(await echo.ask('at last')).toBe('at last');
    expect(ends).toBeGreaterThan(0);
  });

  test('once stopped it takes up nothing more', async () => {
    const echo = echoing();
    await echo.ask(1);
    await echo.stop();
    await expect(echo.ask(2)).rejects.toThrow('taken up');
  });

  test('what is under way when it ends is not answered, and who asks next gets another', async () => {
    const echo = echoing();
    await echo.ask('begun');
    await expect(echo.ask('end')).rejects.toThrow('ended');
    expect(await echo.ask('again')).toBe('again');
  });
});

test('a process comes after everybody else with all its threads, and is ended by nobody else', async () => {
  asked = createProcess(new URL('../support/echo.worker.ts', import.meta.url), { heapMegabytes: 32, keptMs: 60_000 });
  const pid = (await asked.ask('who')) as number;
  const threads = readdirSync(`/proc/${pid}/task`).map(Number);
  expect(threads.length).toBeGreaterThan(1);
  expect(new Set(threads.map(getPriority))).toEqual(new Set([constants.priority.PRIORITY_LOW]));
  const areIdle = () => threads.every((id) => schedulingClass(pid, id) === IDLE_CLASS);
  for (let looks = 0; looks < 200 && !areIdle(); looks++) await pause(50);
  expect(areIdle()).toBe(true);
  for (const signal of ['SIGINT', 'SIGTERM']) process.kill(pid, signal);
  expect(await asked.ask('who')).toBe(pid);
});
