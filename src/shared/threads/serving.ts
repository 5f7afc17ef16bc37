import { parentPort, workerData } from 'node:worker_threads';
import type { FromHelper, ToHelper } from './asking.ts';
import { giveWay } from './giving-way.ts';

/**
 * On a thread or in a process: answers what is asked, after everybody else's work unless others wait for it.
 * @param answerTo also told the `data` of `createThread` or `createProcess`
 */
export function serve<A, D = undefined>(answerTo: (ask: A, data: D) => unknown, { givesWay = true } = {}): void {
  const data = (parentPort ? workerData : JSON.parse(process.argv[2]!)) as D;
  const tell = (words: FromHelper) => (parentPort ? parentPort.postMessage(words) : void process.send!(words));
  if (givesWay) giveWay(parentPort ? 'thread' : 'process');
  if (!parentPort) endWithParent();
  (parentPort ?? process).on('message', ({ id, ask }: ToHelper) => {
    try {
      tell({ id, answer: answerTo(ask as A, data) });
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
