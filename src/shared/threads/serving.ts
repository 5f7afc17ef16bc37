import { parentPort, type Transferable } from 'node:worker_threads';
import { giveWay } from '../giving-way.ts';
import type { FromThread, ToThread } from './thread.ts';

/**
 * On a thread: answers what `createThread` is asked, after everybody else's work unless others wait for it. `moved` is
 * handed over, not copied.
 */
export function serve<A>(
  answerTo: (ask: A) => { answer: unknown; moved?: Transferable[] },
  { givesWay = true } = {},
): void {
  if (givesWay) giveWay();
  const port = parentPort!;
  port.on('message', ({ id, ask }: ToThread) => {
    try {
      const { answer, moved } = answerTo(ask as A);
      port.postMessage({ id, answer } satisfies FromThread, moved ?? []);
    } catch (error) {
      port.postMessage({ id, failed: error instanceof Error ? error.message : String(error) } satisfies FromThread);
    }
  });
}
