import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData, type Transferable } from 'node:worker_threads';
import type { FromHelper, ToHelper } from './asking.ts';

interface Answered {
  answer: unknown;
  /** Handed over, not copied, by a thread. */
  moved?: Transferable[];
}

/**
 * On a thread or in a process: answers what is asked, after everybody else's work unless others wait for it.
 * @param answerTo also told the `data` of `createThread` or `createProcess`
 */
export function serve<A, D = undefined>(answerTo: (ask: A, data: D) => Answered, { givesWay = true } = {}): void {
  const data = (parentPort ? workerData : JSON.parse(process.argv[2]!)) as D;
  const tell = (words: FromHelper, moved: Transferable[] = []) =>
    parentPort ? parentPort.postMessage(words, moved) : void process.send!(words);
  if (givesWay) giveWay();
  if (!parentPort) endWithParent();
  (parentPort ?? process).on('message', ({ id, ask }: ToHelper) => {
    try {
      const { answer, moved } = answerTo(ask as A, data);
      tell({ id, answer }, moved);
    } catch (error) {
      tell({ id, failed: error instanceof Error ? error.message : String(error) });
    }
  });
}

/** Whoever stops the server from a terminal or a service manager signals every process: it is for the server to end this one. */
function endWithParent(): void {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => {});
  process.on('disconnect', () => process.exit());
}

/** Only Linux has priorities of threads; elsewhere a thread would slow its whole process down, and nothing is done. */
function giveWay(): void {
  const low = constants.priority.PRIORITY_LOW;
  if (process.platform !== 'linux') return parentPort ? undefined : setPriority(low);
  if (parentPort) return setPriority(low);
  // Those that collect garbage were begun before, with the priority of whoever began this process.
  for (const thread of readdirSync('/proc/self/task')) tryTo(() => setPriority(Number(thread), low));
}

/** Whoever has ended meanwhile needs no way any more. */
function tryTo(act: () => void): void {
  try {
    act();
  } catch {}
}
